import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { BankSteps } from '../support/parties/bank-steps.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let steps: BankSteps;
/** Inside the checkout, so that the program finds its packages, and where no test is looked for. */
let folder: string;
beforeAll(async () => {
  steps = await BankSteps.start();
  mkdirSync(join(root, 'build'), { recursive: true });
  folder = mkdtempSync(join(root, 'build/generated-'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await steps.stop();
});

interface Example {
  readonly consume: (bank: object, consentId: string, consumption: object) => Promise<string>;
}

const strict = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['*.ts'],
};

describe('a bank with a client that is generated from the description of the API', () => {
  it('by openapi-typescript: the documented program compiles under strict rules, and consumes a consent', async () => {
    const { issuer, clients } = steps.payer.world.system;
    const description = (await (await fetch(`${issuer}/docs/openapi.json`)).json()) as Record<string, unknown>;
    writeFileSync(join(folder, 'sigill-api.d.ts'), astToString(await openapiTS(JSON.stringify(description))));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(strict));
    copyFileSync(join(root, 'docs/examples/consume.ts'), join(folder, 'consume.ts'));
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);

    const entitled = await steps.entitled();
    const bank = { issuer, clientId: clients.bank.id, key: clients.bank.privateJwk };
    const { consume } = (await import(join(root, 'docs/examples/consume.ts'))) as Example;
    const consumedAt = await consume(bank, entitled.consentId, steps.consumption(entitled, 'generated-1'));
    expect(consumedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await steps.rowOf(entitled)).toMatchObject({ state: 'consumed' });
  });

  it('is not compiled where it forgets a member or misspells one', async () => {
    const wrong = "consume({ issuer: '', clientId: '', key: {} }, '', { payer: {}, paymentReference: 1 });";
    writeFileSync(join(folder, 'wrong.ts'), `import { consume } from './consume.ts';\nawait ${wrong}\n`);
    const compiled = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    await expect(compiled).rejects.toMatchObject({ stdout: expect.stringContaining("'personalNumber' is missing") });
  });
});
