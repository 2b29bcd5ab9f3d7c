import type { Completion } from '../../src/verification/expectation.ts';

/** Ways to be refused, early and late, whose cost is compared with that of an acceptance. */
export const refusals: Readonly<Record<string, (sound: Completion, other: Completion) => Completion>> = {
  notBase64: (sound) => ({ ...sound, signature: `${sound.signature.slice(0, -2)}\n=` }),
  notTheProfile: (sound) => changeXml(sound, '</Object></Signature>', '<x></x></Object></Signature>'),
  changedText: (sound) => changeXml(sound, /<usrVisibleData([^>]*)>../, '<usrVisibleData$1>QQ'),
  brokenSignatureValue: (sound) => changeXml(sound, /<SignatureValue>..../, '<SignatureValue>AAAA'),
  noOcspResponse: (sound) => ({ ...sound, ocspResponse: undefined }),
  ocspResponseOfAnother: (sound, other) => ({ ...sound, ocspResponse: other.ocspResponse }),
  brokenOcspResponse: (sound) => ({ ...sound, ocspResponse: changeProducedAt(sound.ocspResponse ?? '') }),
  anotherPayer: (sound, other) => ({ ...sound, personalNumber: other.personalNumber }),
};

function changeXml(sound: Completion, from: string | RegExp, to: string): Completion {
  const xml = Buffer.from(sound.signature, 'base64').toString('utf8').replace(from, to);
  return { ...sound, signature: Buffer.from(xml, 'utf8').toString('base64') };
}

/** The first time in the response is producedAt; its last digit is changed. */
function changeProducedAt(base64: string): string {
  const der = Buffer.from(base64, 'base64');
  const at = der.indexOf('Z') - 1;
  der.writeUInt8(der.readUInt8(at) ^ 1, at);
  return der.toString('base64');
}
