"""The law in a browser: editions on record, two of them compared, what jurists say of them."""
