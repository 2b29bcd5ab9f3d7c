import { createHash } from 'node:crypto';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Holds } from '../../../src/rights/holds.ts';
import { PersonErasure } from '../../../src/rights/person-erasure.ts';
import { findRequest } from '../../../src/rights/requests.ts';
import { SubjectAnswers } from '../../../src/rights/subject-answers.ts';
import { StewardWatch } from '../../../src/rights/steward-watch.ts';
import type { CommandEnd } from '../../support/commands/built-command.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { approve, eraseDue, releaseHold } from '../../support/database/erase.ts';
import { tamper } from '../../support/database/tamper.ts';
import { LoginSteps } from '../../support/login/login-steps.ts';
import { anna, bo, payment } from '../../support/system/system.ts';

const creditorName = 'Hyresvärden Åkesson';
const initiation: typeof payment = { ...payment, creditorName };

let steps: LoginSteps;

beforeAll(async () => {
  steps = await LoginSteps.start();
}, 120_000);
afterAll(() => steps.stop());

const bank = (): string => steps.world.system.clients.bank.id;
const pay = async (personalNumber: string, paymentReference: string): Promise<string> => {
  const { token } = await steps.world.signedPayment(initiation, { personalNumber });
  const { accessToken, consentId } = token;
  const use = { accessToken, payment: initiation, personalNumber, paymentReference };
  expect((await steps.world.bank.consume(consentId, use)).status).toBe(200);
  return consentId;
};
const subjectOf = (consent: string): string => consentSubject(bank(), consent as never);
const typesOf = async (consent: string): Promise<readonly string[]> => {
  const events = await steps.get(AuditTrail).listEvents(subjectOf(consent));
  return events.map(({ event }) => (JSON.parse(event) as { readonly type: string }).type);
};
const endRetention = (consent: string): Promise<unknown> =>
  tamper(
    steps.database,
    'evidence',
    `update evidence set retention_ends_at = now() - interval '1 s' where consent_id = $1`,
    [consent],
  );
const sigill = (words: string, input = ''): Promise<CommandEnd> =>
  runOperatorCommand(steps.world, words.split(' '), {}, input);
const words = (person: string) => ({ bank: bank(), person, case: 'A-15/26' });
const requestIn = (text: string): string => /Request (\S+)/.exec(text)?.[1] ?? '';

describe('a person who asks what a bank has of them', () => {
  it('gets the very answer that a second person approved, and each step is an event', async () => {
    const consent = await pay(bo, 'asked-for');
    const ofAnna = await pay(anna, 'of-another-person');
    const drafted = await sigill(`subject --bank ${bank()} --case A-15/26`, `${bo}\n`);
    expect(drafted.code).toBe(0);
    const [header, ...lines] = drafted.stdout.split('\n');
    const document = lines.join('\n');
    expect(header).toContain('DRAFT, NOT TO BE SENT');
    for (const said of [
      consent,
      creditorName,
      'asked-for',
      'Du skrev under.',
      'artikel 15',
      'Mottagare',
      'bokföringslagen',
    ])
      expect(document).toContain(said);
    for (const withheld of [ofAnna, bo, 'of-another-person', 'operator:']) expect(document).not.toContain(withheld);
    expect(document).toMatch(/sparas till och med 20\d\d-12-31/);
    expect(document).toMatch(/\n {4}\| .*Hyresvärden Åkesson/);

    const request = requestIn(drafted.stderr);
    const final = `subject --bank ${bank()} --case A-15/26 --approved ${request}`;
    expect(await sigill(final, bo)).toMatchObject({ code: 64, stdout: '', stderr: 'the answer is undecided\n' });
    const sha256 = createHash('sha256').update(document).digest('hex');
    expect((await findRequest(steps.world.database.database, request))?.answerSha256).toBe(sha256);
    await approve(steps.database, request);
    expect(await sigill(final, bo)).toEqual({ code: 0, stdout: document, stderr: '' });
    expect((await typesOf(consent)).slice(-2)).toEqual(['subject.drafted', 'subject.answered']);
  });

  it('gets nothing that was approved for another person, bank, case, language or state of the data', async () => {
    const answers = steps.get(SubjectAnswers);
    await pay(anna, 'first-of-anna');
    const { request, document } = await answers.draft(words(anna), 'en', 'operator:x');
    expect(document).toContain('This is what you read and signed:');
    await approve(steps.database, request);
    const changed = /not what was approved/;
    await expect(answers.answer(request, words(bo), 'en', 'operator:x')).rejects.toThrow(changed);
    await expect(answers.answer(request, { ...words(anna), case: 'B-1' }, 'en', 'operator:x')).rejects.toThrow(changed);
    await expect(answers.answer(request, words(anna), 'sv', 'operator:x')).rejects.toThrow(changed);
    expect(await answers.answer(request, words(anna), 'en', 'operator:x')).toBe(document);
    await pay(anna, 'second-of-anna');
    await expect(answers.answer(request, words(anna), 'en', 'operator:x')).rejects.toThrow(changed);
    await expect(answers.draft({ ...words(anna), bank: 'another' }, 'en', 'operator:x')).rejects.toThrow(
      'no registered bank',
    );
    await expect(answers.draft(words('199001012386'), 'en', 'operator:x')).rejects.toThrow('no personal number');
    // What a person approved and no steward carries out does not wait for one.
    await steps.get(StewardWatch).runOnce();
    expect(await steps.database.asOwner('select 1 from steward_waiting')).toEqual([]);
  });

  it('reads why their evidence was read, but not by whom, nor of an authority, an investigation of fraud or a hold', async () => {
    const consent = await pay(bo, 'read-by-many');
    const read = (type: string, purpose: string): Promise<void> =>
      steps.get(AuditTrail).appendStandalone(subjectOf(consent), {
        type,
        at: new Date('2026-11-05T10:00:00Z'),
        actor: 'reader-with-a-name',
        detail: { purpose },
      });
    for (const purpose of ['dispute', 'fraud-investigation', 'authority-request', 'a free text of an operator'])
      await read('evidence.read', purpose);
    await read('evidence.exported', 'complaint');
    const id = await steps.get(Holds).place({ consent, case: 'T-77/26', review: '2027-06-30' }, 'operator:test');
    for (const form of ['sv', 'en', 'json'] as const) {
      const { document } = await steps.get(SubjectAnswers).draft(words(bo), form, 'operator:x');
      const told = {
        sv: ['en tvist', 'ett klagomål'],
        en: ['a dispute', 'a complaint'],
        json: ['"dispute"', '"complaint"'],
      }[form];
      for (const one of told) expect(document).toContain(one);
      expect(document).not.toMatch(/reader-with|bedräg|fraud|myndighets begäran|authority-request|free text|T-77|hold/);
      expect(document).not.toContain(id);
    }
    await releaseHold(steps.database, id);
  });

  it("gets a document whose lines are no TPP's", async () => {
    const { document } = await steps.get(SubjectAnswers).draft(words(bo), 'sv', 'operator:x');
    const signed = document.split('\n').filter((line) => line.includes(creditorName));
    expect(signed.every((line) => /^ {2}\S| {4}\| /.test(line))).toBe(true);
  });
});

describe('a person who asks a bank to erase', () => {
  it('is answered with the day and the rule, in Swedish and in English, and the refusal is an event', async () => {
    const consent = await pay(bo, 'not-yet');
    const asked = await sigill(`erase request --bank ${bank()} --case A-17/26 --person`, `${bo}\n`);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    expect(asked.stdout).toMatch(
      /raderas inte ännu[^]*sparas till och med 20\d\d-12-31, enligt 7 kap\. 2 § bokföringslagen/,
    );
    expect(asked.stdout).toContain('Integritetsskyddsmyndigheten');
    expect(asked.stdout).not.toContain(bo);
    const { letter } = await steps.get(PersonErasure).ask({ ...words(bo), case: 'A-17/26' }, 'en', 'operator:x');
    expect(letter).toMatch(/kept to the end of 20\d\d-12-31, under chapter 7, section 2 of the Swedish Accounting Act/);
    const events = await steps.get(AuditTrail).listEvents(subjectOf(consent));
    expect(JSON.parse(events.at(-1)?.event ?? '{}')).toMatchObject({
      type: 'erasure.refused',
      detail: { case: 'A-17/26', because: 'accounting', until: expect.stringMatching(/^20/) as string },
    });
    await steps.world.bank.getConsent(consent).then(({ status }) => expect(status).toBe(200));
  });

  it('has what is due asked for, and what a hold keeps is left to the bank to speak of', async () => {
    const [due, held, kept] = [await pay(anna, 'due'), await pay(anna, 'held'), await pay(anna, 'kept')];
    const others = await steps.database.asOwner(
      `select consent_id from evidence where not exists (select from unnest($1::uuid[]) k where k = consent_id)`,
      [[due, held, kept]],
    );
    for (const consent of [due, held]) await endRetention(consent);
    const id = await steps.get(Holds).place({ consent: held, case: 'T-1', review: '2027-06-30' }, 'operator:test');
    const answer = await steps.get(PersonErasure).ask(words(anna), 'sv', 'operator:x');
    expect(answer).toMatchObject({ due: 1, held: 1 });
    expect(answer.letter).toContain('För 1 betalning har tiden gått ut.');
    expect(answer.letter).not.toContain(held);
    const request = await findRequest(steps.world.database.database, answer.request ?? '');
    expect(request).toMatchObject({ action: 'erase', state: 'undecided', subjects: [{ subject: subjectOf(due) }] });
    expect(await eraseDue(steps.database)).toEqual([subjectOf(due)]);
    await releaseHold(steps.database, id);
    expect(await eraseDue(steps.database)).toEqual([subjectOf(held)]);
    expect(others.length).toBeGreaterThan(0);
    expect((await steps.world.bank.getConsent(kept)).status).toBe(200);
  });

  it('is told that there is nothing, where the bank has nothing', async () => {
    const { letter, request } = await steps.get(PersonErasure).ask(words('191212121212'), 'sv', 'operator:x');
    expect([letter.includes('Banken har inga uppgifter här'), request]).toEqual([true, undefined]);
  });
});
