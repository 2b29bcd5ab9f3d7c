import { readFile, writeFile } from 'node:fs/promises';
import { inService, operator } from '../command-context.ts';

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
    fail(`${path}: cannot be read`, exitCodes.noInput);
    return;
  }
  await inService(async (context) => {
    const { LedgerReturns } = await import('../../ledger/ledger-returns.ts');
    const { Malformed } = await import('../../crypto/malformed.ts');
    const { ArchiveRefused } = await import('../../evidence-files/zip-archive.ts');
    const returned = await context
      .get(LedgerReturns)
      .bring(file, operator())
      .catch((error: unknown) => {
        if (error instanceof Malformed || error instanceof ArchiveRefused) return error;
        throw error;
      });
    if (returned instanceof Error) {
      fail(`${path}: not evidence as it was handed out: ${returned.message}`, exitCodes.dataError);
      return;
    }
    if (!returned) {
      fail(`${path}: not the evidence of a lost number, or brought back or erased before`, exitCodes.dataError);
      return;
    }
    process.stdout.write(
      `Brought back number ${returned.number} of ${returned.bank}, evidence ${returned.evidenceId}.\n`,
    );
  });
}

/** What `sigill ledger returned` does. */
export async function writeReturned(bank: string, number: string, { purpose, out }: ReturnedOptions): Promise<void> {
  if (!/^[1-9][0-9]{0,14}$/.test(number)) {
    fail(`${number}: not the number of an evidence, counted from 1`, exitCodes.usage);
    return;
  }
  await inService(async (context) => {
    const { LedgerReturns } = await import('../../ledger/ledger-returns.ts');
    const { parsePurpose } = await import('../../compliance/export-request.ts');
    const leaf = { bank, number: Number(number) };
    const file = await context.get(LedgerReturns).read(leaf, operator(), parsePurpose(purpose));
    if (!file) {
      fail(`no evidence was brought back to number ${number} of ${bank}, or it was erased`, exitCodes.noInput);
      return;
    }
    const isWritten = await writeFile(out, file, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      () => false,
    );
    if (!isWritten) fail(`${out}: exists already, or cannot be written`, exitCodes.cannotCreate);
  });
}

function fail(message: string, code: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
