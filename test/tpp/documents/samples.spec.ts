import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest } from '../../support/system/system.ts';

const run = promisify(execFile);
const examples = join(import.meta.dirname, '../../../docs/examples');

interface Sample {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What exits with 0 where the machine can run it. */
  readonly probe: readonly [string, ...string[]];
}

const samples: readonly Sample[] = [
  { name: 'push.ts', command: [process.execPath], probe: [process.execPath, '--version'] },
  { name: 'push.py', command: ['python3'], probe: ['python3', '-c', 'import cryptography'] },
  { name: 'Push.java', command: ['java'], probe: ['javac', '--version'] },
];

function canRun({ name, probe: [program, ...args] }: Sample): boolean {
  const isThere = spawnSync(program, args).status === 0;
  if (!isThere) process.stderr.write(`skipped: ${name} needs ${[program, ...args].join(' ')}, which fails here\n`);
  return isThere;
}

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

/** Runs a sample as this client, with the key of the sandbox's TPP. */
async function push({ name, command: [program, ...args] }: Sample, clientId: string): Promise<string> {
  const key = join(steps.folder, 'exempelbetal.jwk.json');
  const { stdout } = await run(program, [...args, join(examples, name), key, clientId, steps.tpp.issuer]);
  return stdout;
}

describe.each(samples.map((sample) => [sample.name, sample] as const))('docs/examples/%s', (_, sample) => {
  const itRuns = canRun(sample) ? it : it.skip;

  itRuns(
    'pushes a payment, which its payer can open',
    async () => {
      const pushed = JSON.parse(await push(sample, steps.tpp.id)) as Record<string, string>;
      expect(await steps.stateOf(pushed['consent_id'] ?? '')).toMatchObject({ state: 'awaiting-authorisation' });
      const page = await steps.visit({ requestUri: pushed['request_uri'] ?? '' });
      expect([page.status, page.headers.get('location')]).toEqual([303, expect.stringContaining('/pay/')]);
    },
    60_000,
  );

  itRuns(
    'ends with an error, and the address of its explanation, where the client is another',
    async () => {
      const failed = await push(sample, 'provbetal').catch((error: unknown) => error);
      const { stdout = '', stderr = '' } = failed as { readonly stdout?: string; readonly stderr?: string };
      expect(stdout + stderr).toContain('invalid_client');
      expect(stdout + stderr).toContain(`${steps.tpp.issuer}/problems/client.assertion-invalid`);
    },
    60_000,
  );
});
