/** A typed client: `fetch` with the paths, bodies and answers of the description. */

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Ecodocket = Client<paths>;

/** A client that signs in with a token, and is answered in a language. */
export function ecodocket(address: string, token: string, language: "zh-CN" | "en" = "zh-CN"): Ecodocket {
  return createClient<paths>({
    baseUrl: address,
    headers: { authorization: `Bearer ${token}`, "accept-language": language },
  });
}

/** What went wrong (RFC 9457), as an error with what the server says of it. */
export class ProblemError extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }
}

/** The good answer of a call. Throws a `ProblemError` otherwise. */
export function good<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) {
    throw new ProblemError(answer.error as Schemas["Problem"]);
  }
  return answer.data;
}

/** Whether what was asked for waits for a second person (202) instead of being recorded. */
export function isWaiting(
  answer: Schemas["Outcome"] | Schemas["PendingDecision"],
): answer is Schemas["PendingDecision"] {
  return "digest" in answer;
}
