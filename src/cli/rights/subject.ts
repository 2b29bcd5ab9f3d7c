import { text } from 'node:stream/consumers';
import { inService, operator } from '../command-context.ts';

/** What `sigill subject` does. */
export async function answerSubject(options: { readonly bank: string; readonly case: string }): Promise<void> {
  const person = (await text(process.stdin)).trim();
  await inService(async (context) => {
    const { SubjectAccess } = await import('../../rights/subject-access.ts');
    const access = context.get(SubjectAccess, { strict: false });
    const answer = await access.answer(options.bank, person, options.case, operator());
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  });
}
