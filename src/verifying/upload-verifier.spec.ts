import { DomainError } from '../kernel/errors.ts';
import { UploadVerifier, type IncomingUpload } from './upload-verifier.ts';
import type { SettingsSource } from './verify-settings.ts';

const now = new Date('2026-06-01T12:00:00Z');
const source: SettingsSource = {
  roots: [],
  kinds: ['production'],
  carriedRoots: 'ignore',
  policy: 'bankid',
  time: { now, vouchedAt: undefined },
  relyingParty: undefined,
};

const upload = (body: AsyncIterable<Uint8Array>): IncomingUpload => ({ type: 'application/json', body });

// eslint-disable-next-line @typescript-eslint/require-await -- a body comes in asynchronously, even when it is there
async function* chunks(...parts: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

describe('a verifier of uploads', () => {
  const verifier = new UploadVerifier(source, { threads: 1, queue: 1 });
  afterAll(() => verifier.close());

  const codeOf = (incoming: IncomingUpload): Promise<unknown> =>
    verifier.verify(incoming, now).then(
      ({ report }) => report.indication,
      (error: unknown) => (error instanceof DomainError ? error.code : error),
    );

  it('refuses the next upload when it holds as many as it may, unread, and takes one again when a place is free', async () => {
    const ends: (() => void)[] = [];
    async function* slow(): AsyncGenerator<Uint8Array> {
      await new Promise<void>((resolve) => ends.push(resolve));
      yield Buffer.from('{"signature":"A"}');
    }
    let wasRead = false;
    async function* third(): AsyncGenerator<Uint8Array> {
      wasRead = true;
      yield* chunks('{}');
    }
    const held = [codeOf(upload(slow())), codeOf(upload(slow()))];
    expect(await codeOf(upload(third()))).toBe('service.unavailable');
    expect(wasRead).toBe(false);
    for (const end of ends) end();
    expect(await Promise.all(held)).toEqual(['TOTAL-FAILED', 'TOTAL-FAILED']);
    expect(await codeOf(upload(chunks('{"signature"', ':"A"}')))).toBe('TOTAL-FAILED');
  });

  it('counts what comes in and stops at 1 MiB', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield* chunks(Buffer.alloc((sent += 65_536) > 0 ? 65_536 : 0));
    }
    expect(await codeOf(upload(endless()))).toBe('request.too-large');
    expect(sent).toBeLessThanOrEqual(1_048_576 + 65_536);
  });

  it('says which member is wrong, and quotes nothing', async () => {
    const refused = verifier.verify(upload(chunks('{"signature":"A","consent":"199001012385"}')), now);
    await expect(refused).rejects.toMatchObject({ code: 'request.malformed', pointer: '/consent' });
    await expect(refused).rejects.not.toThrow(/1990/);
  });

  it('refuses a consent that is deep beyond reading', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const refused = verifier.verify(upload(chunks(`{"signature":"A","consent":${deep}}`)), now);
    await expect(refused).rejects.toMatchObject({ code: 'request.malformed', pointer: '/consent' });
  });
});
