import { operationsOf, type ApiDescription, type Operation } from '../support/api/api-schemas.ts';
import { describeCommands, ShellSession } from '../support/commands/shell-session.ts';
import { quick, TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let shell: ShellSession;
let api: ApiDescription;
beforeAll(async () => {
  system = await TestSystem.start({ timings: quick });
  shell = new ShellSession({ issuer: system.system.issuer, folder: system.folder });
  api = (await (await fetch(`${system.system.issuer}/docs/openapi.json`)).json()) as ApiDescription;
  await shell.run('proof() { npm run -s proof -- "$@"; }');
});
afterAll(async () => {
  shell.close();
  await system.stop();
});

/** What a sample gets that names nothing of this installation: no code, no consent, no browser. */
const refused: Readonly<Record<string, number>> = {
  openAuthorizationPage: 400,
  postAuthorizationRequest: 400,
  issueToken: 400,
  requestByBackchannel: 400,
  returnToTpp: 404,
  returnFromLogin: 404,
  getOwnConsent: 404,
  readUserinfo: 403,
  postUserinfo: 403,
  verifyEvidence: 422,
};

describeCommands('the samples of the API’s description', () => {
  it('are requests that the service understands and authenticates, pasted into a shell as they stand', async () => {
    const answered: Record<string, number> = {};
    for (const [, , operation] of operationsOf(api)) answered[operation.operationId] = await statusOf(operation);
    const expected = operationsOf(api).map(([path, , { operationId, responses }]) => {
      const success = Number(Object.keys(responses).find((status) => Number(status) < 400));
      return [operationId, refused[operationId] ?? (/\{(?:id|logId)\}/.test(path) ? 404 : success)];
    });
    expect(answered).toEqual(Object.fromEntries(expected));
  }, 120_000);
});

/** The status that the sample prints as it is pasted, with a token of its own kind where it takes one. */
async function statusOf({ security = [], ...operation }: Operation): Promise<number> {
  const [sample] = operation['x-codeSamples'] ?? [];
  const scope = security.flatMap((one) => (one['accessToken'] ?? []) as readonly string[])[0];
  if (scope !== undefined) await shell.run(`token=$(${tokenCommand(scope === 'openid' ? 'consents' : scope)})`);
  const printed = await shell.run(sample?.source.replace('curl -s', "curl -s -o /dev/null -w '%{http_code}'") ?? '');
  // The shell also prints that a key was made.
  return Number(/\d+\s*$/.exec(printed)?.[0]);
}

/** Who has the scope, but for the TPP. */
const clients: Readonly<Record<string, string>> = {
  consume: 'exempelbanken',
  evidence: 'exempelbanken',
  exports: 'exempelrevision',
};

function tokenCommand(scope: string): string {
  const { issuer } = system.system;
  const client = clients[scope] ?? 'exempelbetal';
  const form = {
    grant_type: 'client_credentials',
    scope,
    client_id: client,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `$(proof assertion --client ${client} --issuer ${issuer})`,
  };
  const members = Object.entries(form).map(([name, value]) => `--data-urlencode "${name}=${value}"`);
  const proof = `-H "DPoP: $(proof dpop POST ${issuer}/token --client ${client})"`;
  return `curl -s ${issuer}/token ${proof} ${members.join(' ')} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'`;
}
