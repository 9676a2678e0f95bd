// Unpacks the Chromium that the package brings into the folder named, with the libraries and a font that it needs.
//
// The package is made for functions in a cloud: it unpacks into the temporary folder, and takes as it is what stands
// there already. So a folder of its own is the temporary folder of this process.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(process.argv[2]);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;

const { inflate } = await import("@sparticuz/chromium");
const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "bin");
for (const name of ["chromium.br", "al2023.tar.br", "fonts.tar.br"]) await inflate(join(packed, name));

// Without any font Chromium ends; those of the machine, which may be Chinese ones, come first.
writeFileSync(
  join(folder, "fonts.conf"),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="relative">font-cache</cachedir>
</fontconfig>
`,
);
