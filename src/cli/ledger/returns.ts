import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { inLedger } from './in-ledger.ts';

/** `EX_USAGE`, `EX_DATAERR`, `EX_NOINPUT` and `EX_CANTCREAT` of sysexits.h. */
const exitCodes = { usage: 64, dataError: 65, noInput: 66, cannotCreate: 73 } as const;

interface ReturnedOptions {
  readonly purpose: string;
  readonly out: string;
}

/** What `sigill ledger return` does. */
export async function bringBack(path: string): Promise<void> {
  const file = await readFile(path).catch(() => undefined);
  if (!file) {
    fail('the file cannot be read', exitCodes.noInput);
    return;
  }
  await inLedger(async (context) => {
    const { LedgerReturns } = await import('../../ledger/ledger-returns.ts');
    const returned = await context.get(LedgerReturns).bring(file, actor());
    if (!returned) {
      fail('it is the evidence of no lost number, or was erased', exitCodes.dataError);
      return;
    }
    process.stdout.write(
      `Brought back number ${returned.number} of ${returned.bank}, evidence ${returned.evidenceId}.\n`,
    );
  });
}

/** What `sigill ledger returned` does. */
export async function writeReturned(bank: string, number: string, { purpose, out }: ReturnedOptions): Promise<void> {
  const { parsePurpose, ExportRequestError } = await import('../../compliance/export-request.ts');
  await inLedger(async (context) => {
    const { LedgerReturns } = await import('../../ledger/ledger-returns.ts');
    try {
      const leaf = { bank, number: /^[1-9][0-9]{0,14}$/.test(number) ? Number(number) : 0 };
      const file = await context.get(LedgerReturns).read(leaf, actor(), parsePurpose(purpose));
      if (!file) {
        fail('nothing was brought back to this number, or it was erased', exitCodes.noInput);
        return;
      }
      const isWritten = await writeFile(out, file, { flag: 'wx', mode: 0o600 }).then(
        () => true,
        () => false,
      );
      if (!isWritten) fail('the file is there already, or cannot be written', exitCodes.cannotCreate);
    } catch (error) {
      if (!(error instanceof ExportRequestError)) throw error;
      fail(error.message, exitCodes.usage);
    }
  });
}

function actor(): string {
  return `operator:${userInfo().username}`;
}

function fail(message: string, code: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
