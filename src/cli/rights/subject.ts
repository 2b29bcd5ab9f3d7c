import { text } from 'node:stream/consumers';
import type { AnswerForm } from '../../rights/subject-answers.ts';
import { inService, operator } from '../command-context.ts';
import { parseLanguage } from './parse-language.ts';

interface SubjectOptions {
  readonly bank: string;
  readonly case: string;
  readonly lang?: string;
  readonly approved?: string;
  readonly json?: true;
}

/** Above a draft, and no part of the document. */
const DRAFT = 'UTKAST, INTE ATT LÄMNA UT / DRAFT, NOT TO BE SENT';

/** What `sigill subject` does: a draft or, with the id of an approved request, the answer. */
export async function answerSubject(options: SubjectOptions): Promise<void> {
  const person = (await text(process.stdin)).trim();
  await inService(async (context) => {
    const { SubjectAnswers } = await import('../../rights/subject-answers.ts');
    const answers = context.get(SubjectAnswers, { strict: false });
    const words = { bank: options.bank, case: options.case, person };
    const form: AnswerForm = options.json ? 'json' : await parseLanguage(options.lang);
    if (options.approved !== undefined) {
      process.stdout.write(await answers.answer(options.approved, words, form, operator()));
      return;
    }
    const { request, document } = await answers.draft(words, form, operator());
    process.stdout.write(
      options.json ? `{"draft":"${request}","answer":${document.trimEnd()}}\n` : `${DRAFT}\n${document}`,
    );
    process.stderr.write(`Request ${request} waits for the decision of a second person.\n`);
  });
}
