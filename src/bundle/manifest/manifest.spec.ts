import fc from 'fast-check';
import { hash } from 'node:crypto';
import { Malformed } from '../../crypto/malformed.ts';
import { asicManifest, parseManifest } from './manifest.ts';

const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
const members = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 40 })), { selector: ([first]) => first });
const sound = asicManifest(new Map([['a.txt', Buffer.from('a')]]), 'META-INF/signature001.p7s').toString();

describe('the manifest of a bundle', () => {
  it('says which members it covers and by which digests, in their order', () => {
    fc.assert(
      fc.property(members, (all) => {
        const { signature, digests } = parseManifest(asicManifest(new Map(all), 'META-INF/signature001.p7s'));
        expect(signature).toBe('META-INF/signature001.p7s');
        expect([...digests]).toEqual(all.map(([path, bytes]) => [path, hash('sha256', bytes, 'buffer')]));
      }),
    );
  });

  it('has the form of ETSI EN 319 162-1, a line for each member', () => {
    expect(sound.split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?><ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#"',
      '><SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"></SigReference',
      '><DataObjectReference URI="a.txt">' +
        '<DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>' +
        '<DigestValue xmlns="http://www.w3.org/2000/09/xmldsig#">ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=</DigestValue>' +
        '</DataObjectReference',
      '></ASiCManifest>',
    ]);
  });

  it.each([
    ['another root', sound.replaceAll('ASiCManifest', 'Manifest')],
    ['the namespace of another version', sound.replace('v1.2.1', 'v1.1.1')],
    ['a prefix', sound.replaceAll('DigestValue', 'ds:DigestValue')],
    ['another digest algorithm', sound.replace('xmlenc#sha256', 'xmldsig-more#sha384')],
    ['a digest that is cut off', sound.replace('/uSLs=', '/uSL=')],
    ['no digest', sound.replace(/<DigestValue.*<\/DigestValue>/, '')],
    ['a second digest', sound.replace(/<DigestValue.*<\/DigestValue>/, '$&$&')],
    ['no signature', sound.replace(/><SigReference.*<\/SigReference\n/, '')],
    ['two signatures', sound.replace(/><SigReference.*<\/SigReference\n/, '$&$&')],
    ['an extension', sound.replace('></ASiCManifest>', '><ASiCManifestExtensions/></ASiCManifest>')],
    ['the same member twice', sound.replace(/><DataObjectReference.*<\/DataObjectReference\n/, '$&$&')],
    ['a comment', sound.replace('\n>', '\n><!-- -->')],
    ['an entity', sound.replace('a.txt', '&#97;.txt')],
    ['a member that is called the root', sound.replace('"a.txt"', '"a.txt" Rootfile="true"')],
    ['other white space', sound.replace('\n>', '\n >')],
    ['other quotes', sound.replaceAll('"a.txt"', "'a.txt'")],
    ['a byte order mark', `\ufeff${sound}`],
    ['something behind it', `${sound}\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseManifest(Buffer.from(text, 'utf8'))).toThrow(Malformed);
  });

  it('is read as it was written or refused, with any octet of it changed', () => {
    const bytes = Buffer.from(sound);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, octet) => {
        const changed = Buffer.from(bytes);
        changed[at] = octet;
        if (changed.equals(bytes)) return;
        try {
          const manifest = parseManifest(changed);
          // What may differ is what it says: a name, the signature's name, a digest.
          expect(manifest).not.toEqual(parseManifest(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
