/** The day of an officer, against a running server: what a front-end does from sign-in to the last page. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { ecodocket, good, isWaiting, type Ecodocket, type Schemas } from "./client.js";

const REGIME = "nmg.third_party";
const BUREAU = "150100-EEB";

function setting(name: string): string {
  const value = process.env[name];
  assert(value !== undefined && value !== "", `${name} is not set`);
  return value;
}

function told(line: string): void {
  console.log(`  ${line}`);
}

const address = setting("ECODOCKET_ADDRESS");
const officer = ecodocket(address, setting("OFFICER_TOKEN"));
const approver = ecodocket(address, setting("APPROVER_TOKEN"), "en");

/** Opens the file of an agency; sent again with its key, the same answer comes and nothing is recorded twice. */
async function register(name: string, uscc: string): Promise<string> {
  const request = {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: { kind: "agency" as const, name, uscc, region: "150100", services: ["monitoring" as const] },
  };
  const first = await officer.POST("/api/v1/subjects", request);
  assert.equal(first.response.status, 201, JSON.stringify(first.error));
  const again = await officer.POST("/api/v1/subjects", request);
  const [made, repeated] = [good(first), good(again)];
  assert(!isWaiting(made) && !isWaiting(repeated));
  assert.equal(repeated.position, made.position);
  assert.equal(first.response.headers.get("location"), `/api/v1/subjects/${made.subject}`);
  return made.subject;
}

/** Nobody comes in without a token, and with one everybody is whom it names. */
async function signIn(): Promise<void> {
  const stranger = await ecodocket(address, "edt_nobody").GET("/api/v1/journal/head");
  assert.equal(stranger.response.status, 401);
  assert.equal(stranger.error?.code, "signed_out");
  assert.match(stranger.response.headers.get("www-authenticate") ?? "", /^Bearer /);
  good(await officer.GET("/api/v1/journal/head"));
  told("signed in");
}

async function search(subject: string, name: string): Promise<void> {
  const found = good(await officer.GET("/api/v1/search", { params: { query: { q: name } } }));
  assert.deepEqual(found.hits.map((hit) => [hit.kind, hit.id]), [["agency", subject]]);
  told("found by a part of the name");
}

async function open(subject: string): Promise<Schemas["CaseFileAnswer"]> {
  const params = { path: { subject }, query: { regime: REGIME } };
  const page = good(await officer.GET("/api/v1/subjects/{subject}/casefile", { params }));
  assert.equal(page.profile.id, subject);
  assert.equal(page.grades[0]?.regime, REGIME);
  return page;
}

/** A penalty that lowers nothing is recorded at once. What lowers the grade waits: both are followed to the end. */
async function record(subject: string, fact: string, row: string, document: string): Promise<Schemas["Outcome"]> {
  const answer = await officer.POST("/api/v1/subjects/{subject}/facts", {
    params: { path: { subject }, header: { "Idempotency-Key": fact } },
    body: { id: fact, regime: REGIME, authority: BUREAU, row, decided_on: "2025-03-03", document },
  });
  const outcome = good(answer);
  if (!isWaiting(outcome)) {
    assert.equal(answer.response.status, 201);
    assert.deepEqual(outcome.events, ["fact-recorded.v1"]);
    return outcome;
  }
  assert.equal(answer.response.status, 202);
  return await sign(outcome);
}

/** The one who proposed does not sign; another account does, by the digest of what it has read. */
async function sign(waiting: Schemas["PendingDecision"]): Promise<Schemas["Outcome"]> {
  const params = { path: { decision: waiting.id } };
  const own = await officer.POST("/api/v1/pending-decisions/{decision}/signature", {
    params,
    body: { digest: waiting.digest },
  });
  assert.equal(own.response.status, 403);
  const read = good(await approver.GET("/api/v1/pending-decisions/{decision}", { params }));
  assert.equal(read.state, "waiting");
  assert(read.may_sign);
  const signed = good(
    await approver.POST("/api/v1/pending-decisions/{decision}/signature", { params, body: { digest: read.digest } }),
  );
  assert.equal(signed.decision.state, "signed");
  assert(signed.outcome !== null);
  return signed.outcome;
}

async function mistake(subject: string): Promise<void> {
  const answer = await officer.POST("/api/v1/subjects/{subject}/facts", {
    params: { path: { subject } },
    body: { regime: "nowhere", authority: "nobody", document: "", decided_on: "2025-02-30" },
  });
  assert.equal(answer.response.status, 422);
  assert.equal(answer.response.headers.get("content-type")?.split(";")[0], "application/problem+json");
  const fields = (answer.error?.errors ?? []).map((fault) => fault.pointer);
  for (const field of ["/regime", "/authority", "/document", "/decided_on"]) {
    assert(fields.includes(field), `${field} is not among ${fields.join(", ")}`);
  }
  for (const fault of answer.error?.errors ?? []) {
    told(`422 ${fault.pointer}: ${fault.detail_en}`);
  }
}

/** A retraction always waits for a second person. */
async function retract(fact: string): Promise<void> {
  const answer = await officer.POST("/api/v1/facts/{fact}/retraction", {
    params: { path: { fact } },
    body: { reason: "文书所指为另一单位" },
  });
  assert.equal(answer.response.status, 202);
  const waiting = good(answer);
  assert(isWaiting(waiting));
  assert.equal(answer.response.headers.get("location"), `/api/v1/pending-decisions/${waiting.id}`);
  await sign(waiting);
  const page = good(await officer.GET("/api/v1/facts/{fact}", { params: { path: { fact } } }));
  assert.equal(page.struck, "retracted");
  // By its type a line has the content of its event.
  const last = page.entries.at(-1);
  assert(last?.type === "fact-retracted.v1");
  assert.equal(last.content.reason, "文书所指为另一单位");
  told("a retraction waited, and was signed by another account");
}

async function deadlines(subject: string): Promise<void> {
  const step = await officer.POST("/api/v1/subjects/{subject}/evaluations/{year}/{stage}", {
    params: { path: { subject, year: 2024, stage: "notice" } },
    body: { regime: REGIME, dated_on: "2025-03-14" },
  });
  assert.equal(step.response.status, 201, JSON.stringify(step.error));
  const list = good(
    await officer.GET("/api/v1/subjects/{subject}/deadlines", {
      params: { path: { subject }, query: { regime: REGIME } },
    }),
  );
  const report = list.lines.find((line) => line.kind === "report");
  assert(report !== undefined, "the notice begins the deadline of the report");
  told(`the report is due on ${report.due_on}: ${report.state}`);
}

async function pages(subjects: readonly string[]): Promise<void> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { region: "150100", limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const page: Schemas["SubjectList"] = good(await officer.GET("/api/v1/subjects", { params: { query } }));
    assert(page.subjects.length <= 2);
    seen.push(...page.subjects.map((line) => line.id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual([...seen].sort(), [...subjects].sort());
  told(`${seen.length} files on pages of two`);
}

async function grades(subjects: readonly string[]): Promise<void> {
  const stranger = randomUUID();
  const many = good(
    await officer.POST("/api/v1/grades", { body: { subjects: [...subjects, stranger], regime: REGIME } }),
  );
  assert.equal(many.grades.length, subjects.length + 1);
  assert.deepEqual(many.grades.filter((one) => one.problem != null).map((one) => one.subject), [stranger]);
  told(`${subjects.length} grades in one call`);
}

async function changes(after: number, subject: string): Promise<void> {
  const page = good(await officer.GET("/api/v1/journal/changes", { params: { query: { after } } }));
  assert(page.changes.length > 0);
  assert(page.changes.every((change) => change.position > after));
  assert(page.changes.some((change) => change.subject === subject && change.type === "fact-recorded.v1"));
  told(`${page.changes.length} changes after position ${after}`);
}

/** An answer of now says when that was, and is another one the next moment; on the basis of one it stays the same. */
async function unchanged(subject: string): Promise<void> {
  const path = { subject };
  const grade = good(
    await officer.GET("/api/v1/subjects/{subject}/grade", { params: { path, query: { regime: REGIME } } }),
  );
  const query = { basis: grade.basis.token };
  const first = await officer.GET("/api/v1/subjects/{subject}/grade", { params: { path, query } });
  good(first);
  const tag = first.response.headers.get("etag");
  assert(tag !== null);
  const header = { "If-None-Match": tag };
  const again = await officer.GET("/api/v1/subjects/{subject}/grade", { params: { path, query, header } });
  assert.equal(again.response.status, 304);
  told("a grade on the same basis is not sent again (304)");
}

/** Two people have the same file open; the later one is told what came in between. */
async function stale(subject: string): Promise<void> {
  const change = async (by: Ecodocket, version: string, address: string) =>
    await by.POST("/api/v1/subjects/{subject}/changes", {
      params: { path: { subject }, header: { "If-Match": version } },
      body: { changes: { address }, from_on: "2025-03-01" },
    });
  const profile = await officer.GET("/api/v1/subjects/{subject}", { params: { path: { subject } } });
  const version = profile.response.headers.get("etag");
  assert(version !== null);
  assert.equal((await change(officer, version, "呼和浩特市赛罕区示例路 2 号")).response.status, 201);
  const late = await change(officer, version, "呼和浩特市回民区示例路 3 号");
  assert.equal(late.response.status, 412);
  assert.deepEqual(late.error?.intervened?.map((event) => event.type), ["subject-changed.v1"]);
  told("a change of a file that had changed is refused (412)");
}

await signIn();
const names = ["青城检测", "敕勒川监测", "大黑河环境咨询"];
const codes = setting("CREDIT_CODES").split(",");
const subjects: string[] = [];
for (const [index, name] of names.entries()) {
  subjects.push(await register(`呼和浩特市${name}有限公司`, codes[index] ?? ""));
}
const [subject, other] = subjects;
assert(subject !== undefined && other !== undefined);
await search(subject, "青城检测");
const head = good(await officer.GET("/api/v1/journal/head"));
const before = await open(subject);
const [fact, heavy] = [randomUUID(), randomUUID()];
const outcome = await record(subject, fact, "B09", "呼环约〔2025〕2号");
await record(other, heavy, "B07", "呼环改〔2025〕6号");
const after = await open(subject);
assert.equal(after.profile.version, outcome.version);
assert(after.timeline.entries.length > before.timeline.entries.length);
told("a fact is recorded and stands in the case file");
await mistake(subject);
await deadlines(subject);
await retract(fact);
await pages(subjects);
await grades(subjects);
await changes(head.position, subject);
await unchanged(other);
await stale(subject);
console.log("the day of an officer: done");
