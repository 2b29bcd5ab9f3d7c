import { text } from 'node:stream/consumers';
import { inService, operator } from '../command-context.ts';
import type { Printing } from './in-holds.ts';
import { inRequests, printAsked } from './in-requests.ts';
import { parseLanguage } from './parse-language.ts';

interface EraseOptions extends Printing {
  readonly bank: string;
  readonly case: string;
  readonly consent?: readonly string[];
  readonly person?: true;
  readonly lang?: string;
}

/** What `sigill erase request` does. */
export async function askForErasure(options: EraseOptions): Promise<void> {
  if (options.person) return eraseOfPerson(options);
  await inRequests(async (requests) => {
    printAsked(await requests.askForErasure(options, operator()), options);
  });
}

/** The answer to the person on standard output, and what the bank is to know beside it on standard error. */
async function eraseOfPerson({ bank, case: reference, consent, lang, json }: EraseOptions): Promise<void> {
  const person = (await text(process.stdin)).trim();
  await inService(async (context) => {
    const { ExportRequestError } = await import('../../compliance/export-request.ts');
    if (consent) throw new ExportRequestError('--person names all consents of a person: leave out --consent');
    const { PersonErasure } = await import('../../rights/person-erasure.ts');
    const erasure = context.get(PersonErasure, { strict: false });
    const answer = await erasure.ask({ bank, case: reference, person }, await parseLanguage(lang), operator());
    const { letter, request, due, held } = answer;
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : letter);
    if (request !== undefined)
      process.stderr.write(`Request ${request} of ${due} consents waits for the decision of a second person.\n`);
    if (held > 0)
      process.stderr.write(
        `Holds keep ${held} consents whose retention has ended; the answer does not speak of them.\n`,
      );
  });
}
