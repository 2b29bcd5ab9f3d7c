import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { attempt, Malformed } from '../malformed.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { leafHash } from './merkle.ts';
import { UnverifiedNote, cosignedText, formatNote, formatSignature, openNote, parseNote, signNote } from './note.ts';
import { formatProofFile, parseProofFile } from './proof-file.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey, type KeyKind } from './verifier-key.ts';

function keyNamed(name: string, kind: KeyKind = 'ed25519') {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = verifierKey(name, publicKey, kind);
  return { key, privateKey, sign: (octets: Uint8Array) => sign(null, octets, privateKey) };
}

const log = keyNamed('ledger.example/ledger/abc');
const witness = keyNamed('bank.example/witness', 'cosignature');
const text = 'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n';

function cosign(checkpoint: string, time: number): string {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64BE(BigInt(time));
  const signature = witness.sign(Buffer.from(cosignedText(time, checkpoint)));
  return formatSignature({ ...witness.key, octets: Buffer.concat([octets, signature]) });
}

describe('a signed note', () => {
  it('of the Go checksum database is opened with its published key', () => {
    // The example of golang.org/x/mod/sumdb/note's documentation.
    const key = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const note = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
    expect(openNote(Buffer.from(note), [key]).verified).toEqual([{ key }]);
    expect(formatVerifierKey(key)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  });

  it('says its text, who signed it and when a witness did', async () => {
    const note = (await signNote(text, log)) + cosign(text, 1_700_000_000);
    expect(openNote(Buffer.from(note), [witness.key, log.key])).toEqual({
      text,
      verified: [{ key: log.key }, { key: witness.key, time: 1_700_000_000 }],
    });
    expect(formatNote(parseNote(Buffer.from(note)))).toBe(note);
  });

  it('may hold empty lines', async () => {
    const poem = 'one\n\ntwo\n\n\nthree\n';
    expect(openNote(Buffer.from(await signNote(poem, log)), [log.key]).text).toBe(poem);
  });

  it('is believed only if a known key signed it', async () => {
    const note = Buffer.from(await signNote(text, log));
    const namesake = keyNamed(log.key.name).key;
    for (const keys of [[], [namesake], [witness.key], [{ ...log.key, name: 'another.example' }]])
      expect(() => openNote(note, keys)).toThrow(new UnverifiedNote('unknown-keys'));
    // The name and the ID are those of a known key, and the signature is not.
    const forged = Buffer.from(await signNote(text, { key: log.key, sign: witness.sign }));
    expect(() => openNote(forged, [log.key])).toThrow(new UnverifiedNote('wrong-signature'));
  });

  it('of which a known key did not sign the text is refused whole, though another did', async () => {
    const note = (await signNote(text, log)) + cosign(`${text}more\n`, 1_700_000_000);
    expect(() => openNote(Buffer.from(note), [log.key, witness.key])).toThrow(UnverifiedNote);
    expect(openNote(Buffer.from(note), [log.key]).verified).toHaveLength(1);
  });

  it('is not cosigned by a signature over the bare text, nor at another time than the one that is said', async () => {
    const head = await signNote(text, log);
    const bare = formatSignature({ ...witness.key, octets: Buffer.from(witness.sign(Buffer.from(text))) });
    const line = cosign(text, 1_700_000_000);
    const later = parseNote(Buffer.from(head + line)).signatures[1]!.octets;
    later.writeBigUInt64BE(1_700_000_001n);
    for (const other of [bare, formatSignature({ ...witness.key, octets: later })])
      expect(() => openNote(Buffer.from(head + other), [log.key, witness.key])).toThrow(UnverifiedNote);
  });

  it.each([
    ['no newline at the end', 'a\n\n— x AAAAAAA='],
    ['no blank line', 'a\n— x AAAAAAA=\n'],
    ['no signature', 'a\n\n\n'],
    ['a hyphen for the dash', 'a\n\n- x AAAAAAA=\n'],
    ['a signature without a name', 'a\n\n—  AAAAAAA=\n'],
    ['a name with a plus', 'a\n\n— x+y AAAAAAA=\n'],
    ['a name with a no-break space', 'a\n\n— x\u00a0y AAAAAAA=\n'],
    ['a key ID alone', 'a\n\n— x AAAAAA==\n'],
    ['base64 that is not canonical', 'a\n\n— x AAAAAAB=\n'],
    ['a carriage return', 'a\r\n\n— x AAAAAAA=\n'],
    ['a tab', 'a\tb\n\n— x AAAAAAA=\n'],
    ['a hundred and one signatures', `a\n\n${'— x AAAAAAA=\n'.repeat(101)}`],
  ])('is refused with %s', (_, note) => {
    expect(() => parseNote(Buffer.from(note))).toThrow(Malformed);
  });

  it('is refused where it is not UTF-8', () => {
    expect(() => parseNote(Buffer.from('\xff\n\n— x AAAAAAA=\n', 'latin1'))).toThrow(Malformed);
  });

  it('changed in any octet says nothing else, and nothing as signed by the log that it did not sign', async () => {
    const note = Buffer.from(
      await signNote(formatCheckpoint({ origin: 'a/b', size: 9, root: leafHash(Buffer.of(1)) }), log),
    );
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const other = Buffer.from(note);
        other[at] = other[at]! ^ bits;
        expect(() => openNote(other, [log.key])).toThrow();
      }),
    );
  });

  it('is not made of a text that it cannot hold', async () => {
    for (const bad of ['no newline', 'a\rb\n', '']) await expect(signNote(bad, log)).rejects.toThrow(Malformed);
  });
});

describe('a verifier key', () => {
  it('is read as it is written', () => {
    for (const { key } of [log, witness]) {
      const read = parseVerifierKey(formatVerifierKey(key));
      expect({ ...read, publicKey: read.publicKey.equals(key.publicKey) }).toEqual({ ...key, publicKey: true });
    }
  });

  const good = formatVerifierKey(log.key);
  it.each([
    ['another name', `x${good}`],
    ['another ID', good.replace(log.key.keyId, '00000000')],
    ['an ID in capitals', 'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['the key of another algorithm', `a+00000000+${Buffer.alloc(33, 2).toString('base64')}`],
    ['a short key', `a+00000000+${Buffer.alloc(32, 1).toString('base64')}`],
    ['nothing', ''],
  ])('with %s is refused', (_, key) => {
    expect(() => parseVerifierKey(key)).toThrow(Malformed);
  });
});

describe('a checkpoint', () => {
  const root = leafHash(Buffer.of(1));

  it('is read as it is written', () => {
    const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root };
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  const base64 = root.toString('base64');
  it.each([
    ...[
      `\n1\n${base64}\n`,
      `a\n01\n${base64}\n`,
      `a\n-1\n${base64}\n`,
      `a\n1\n${base64}`,
      `a\n1\n${base64}\n\n`,
      'a\n1\n\n',
    ],
    ...[`a\n9007199254740992\n${base64}\n`, `a\n1\n${base64}\nextension\n`, `a\n1\nAAAA\n`, `a\n1 \n${base64}\n`, ''],
  ])('is not %j', (bad) => {
    expect(() => parseCheckpoint(bad)).toThrow(Malformed);
  });

  it('is not written where it could not be read', () => {
    for (const bad of [{ origin: '' }, { origin: 'a\nb' }, { size: -1 }, { size: 0.5 }, { root: Buffer.alloc(31) }])
      expect(() => formatCheckpoint({ origin: 'a', size: 1, root, ...bad })).toThrow(Malformed);
  });
});

describe('a proof file', () => {
  const hashes = fc.array(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((octets) => Buffer.from(octets)),
    { maxLength: 63 },
  );
  const extra = fc.option(fc.uint8Array({ maxLength: 50 }), { nil: undefined });

  it('is read as it is written', async () => {
    const checkpoint = Buffer.from(
      await signNote(formatCheckpoint({ origin: 'a/b', size: 9, root: leafHash(Buffer.of(1)) }), log),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), hashes, extra, (index, proof, more) => {
        const file = { ...(more && { extra: Buffer.from(more) }), index, proof, checkpoint };
        expect(parseProofFile(Buffer.from(formatProofFile(file)))).toEqual(file);
      }),
    );
  });

  const note = 'a\n1\nb\n\n— x AAAAAAA=\n';
  const hash = Buffer.alloc(32).toString('base64');
  it.each([
    `c2sp.org/tlog-proof@v2\nindex 0\n\n${note}`,
    `c2sp.org/tlog-proof@v1\n\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 00\n\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${`${hash}\n`.repeat(64)}\n${note}`,
    `c2sp.org/tlog-proof@v1\nindex 0\n\na\n1\nb\n`,
    `c2sp.org/tlog-proof@v1\r\nindex 0\n\n${note}`,
    '',
  ])('is not %j', (bad) => {
    expect(() => parseProofFile(Buffer.from(bad))).toThrow(Malformed);
  });

  it('of any octets is read or refused as malformed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (garbage) => {
        expect(attempt(() => parseProofFile(Buffer.from(`c2sp.org/tlog-proof@v1\n${garbage}`)))).toBeInstanceOf(
          Malformed,
        );
        expect(attempt(() => parseNote(Buffer.from(`${garbage}\n\n— ${garbage}\n`)))).toBeInstanceOf(Malformed);
      }),
    );
  });
});
