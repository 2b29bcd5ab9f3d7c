import { noTrust } from '../bundle/trust.ts';
import { DomainError } from '../kernel/errors.ts';
import { UploadVerifier, type IncomingUpload, type ReceivedUpload } from './upload-verifier.ts';
import type { SettingsSource } from '../evidence-files/verify-settings.ts';

const now = new Date('2026-06-01T12:00:00Z');
const settings: SettingsSource = {
  roots: [],
  kinds: ['production'],
  carriedRoots: 'ignore',
  policy: 'bankid',
  time: { now, vouchedAt: undefined },
  relyingParty: undefined,
};

const upload = (body: string | Promise<string>, caller = 'bank'): IncomingUpload => ({
  caller,
  read: async () => received(Buffer.from(await body)),
});
const received = (bytes: Buffer): ReceivedUpload => ({ type: 'application/json', bytes, purpose: 'audit' });

/** A signature as broken as can be: one of those that get a verdict. */
const BROKEN = '{"signature":"<Signature/>"}';

describe('a verifier of uploads', () => {
  // Five places, two for each caller.
  const verifier = new UploadVerifier({ settings, trust: noTrust }, { threads: 1, queue: 4 });
  afterAll(() => verifier.close());

  const codeOf = (incoming: IncomingUpload): Promise<unknown> =>
    verifier.verify(incoming, now).then(
      ({ report }) => report.indication,
      (error: unknown) => (error instanceof DomainError ? error.code : error),
    );

  const slowly = (): { readonly body: Promise<string>; readonly arrive: (text: string) => void } => {
    const { promise, resolve } = Promise.withResolvers<string>();
    return { body: promise, arrive: resolve };
  };

  it('takes no place for what is still coming in: other callers are served however slow one is', async () => {
    const slow = [slowly(), slowly()];
    const held = slow.map(({ body }) => codeOf(upload(body, 'slow')));
    const others = ['a', 'b', 'c'].map((caller) => codeOf(upload(BROKEN, caller)));
    expect(await Promise.all(others)).toEqual(['TOTAL-FAILED', 'TOTAL-FAILED', 'TOTAL-FAILED']);
    for (const { arrive } of slow) arrive(BROKEN);
    expect(await Promise.all(held)).toEqual(['TOTAL-FAILED', 'TOTAL-FAILED']);
  });

  it('refuses the next upload of a caller that has its share in hand, unread, and takes one again afterwards', async () => {
    const slow = [slowly(), slowly()];
    const held = slow.map(({ body }) => codeOf(upload(body)));
    let wasRead = false;
    const read = (): Promise<ReceivedUpload> => {
      wasRead = true;
      return Promise.resolve(received(Buffer.from('{}')));
    };
    expect(await codeOf({ caller: 'bank', read })).toBe('service.unavailable');
    expect(wasRead).toBe(false);
    for (const { arrive } of slow) arrive(BROKEN);
    expect(await Promise.all(held)).toEqual(['TOTAL-FAILED', 'TOTAL-FAILED']);
    expect(await codeOf(upload(BROKEN))).toBe('TOTAL-FAILED');
  });

  it('holds as many as it has places for, and refuses the next of any caller', async () => {
    const callers = ['a', 'a', 'b', 'b', 'c', 'c'];
    const answers = await Promise.all(callers.map((caller) => codeOf(upload(BROKEN, caller))));
    expect(answers.filter((answer) => answer === 'service.unavailable')).toHaveLength(1);
  });

  it('gives the share back when the reading ends in a refusal', async () => {
    for (let n = 0; n < 5; n += 1) {
      const read = (): Promise<ReceivedUpload> => Promise.reject(new DomainError('request.too-slow'));
      expect(await codeOf({ caller: 'bank', read })).toBe('request.too-slow');
    }
    expect(await codeOf(upload(BROKEN))).toBe('TOTAL-FAILED');
  });

  it('says which member is wrong, and quotes nothing', async () => {
    const refused = verifier.verify(upload('{"signature":"A","consent":"199001012385"}'), now);
    await expect(refused).rejects.toMatchObject({ code: 'request.malformed', pointer: '/consent' });
    await expect(refused).rejects.not.toThrow(/1990/);
  });

  it('refuses a consent that is deep beyond reading', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const refused = verifier.verify(upload(`{"signature":"A","consent":${deep}}`), now);
    await expect(refused).rejects.toMatchObject({ code: 'request.malformed', pointer: '/consent' });
  });
});
