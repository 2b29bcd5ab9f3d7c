import { generateKeyPairSync } from 'node:crypto';
import { CompactSign, type CompactJWSHeaderParameters } from 'jose';
import { ATTESTATION_TYPE } from '../../../clients/attestation.ts';
import type { Bank } from '../../../clients/clients.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { parseAuthorizationDetails } from '../../../payment/initiation.ts';
import { checkCreditorNameVerification } from './check-creditor-name-verification.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bank = { keys: [{ kid: 'b1', algorithm: 'ES256', key: keys.publicKey }] } as unknown as Bank;

const now = new Date('2026-11-22T10:10:00.000Z');
const iban = 'SE4550000000058398257466';
const stated = { result: 'close-match', matchedName: 'Elbolaget i Norden AB', checkedAt: '2026-11-22T10:05:00Z' };
const attested = { ...stated, creditorName: 'Elbolaget AB', account: { iban } };

interface Made {
  readonly claims?: object;
  readonly header?: Partial<CompactJWSHeaderParameters>;
  readonly key?: typeof keys.privateKey;
  readonly stated?: object;
}

async function attest({ claims = attested, header = {}, key = keys.privateKey }: Made): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: 'b1', typ: ATTESTATION_TYPE, ...header })
    .sign(key);
}

function check(verification: object, at = now): unknown {
  const payment = {
    type: 'payment_initiation',
    instructedAmount: { currency: 'EUR', amount: '125.00' },
    creditorName: 'Elbolaget AB',
    creditorAccount: { iban },
    creditorNameVerification: verification,
  };
  return checkCreditorNameVerification(parseAuthorizationDetails([payment]), bank, at);
}

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'initiation.invalid') return `${error.pointer}: ${error.detail}`;
    throw error;
  }
  return 'accepted';
}

describe("a bank's attestation of the payee", () => {
  it('is accepted where it is over exactly what the TPP states', async () => {
    const attestation = await attest({});
    expect(check({ ...stated, attestation })).toMatchObject({ result: 'close-match', attestation });
    const spaced = await attest({ claims: { ...attested, account: { iban: 'SE45 5000 0000 0583 9825 7466' } } });
    expect(refusalOf(() => check({ ...stated, attestation: spaced }))).toBe('accepted');
  });

  const withoutName = { ...attested, matchedName: undefined };
  it.each<[string, Made, string]>([
    ['of another key', { key: others.privateKey }, 'not signed with a registered key'],
    ['of an unknown key id', { header: { kid: 'b2' } }, 'not signed with a registered key'],
    ['without a type', { header: { typ: undefined } as never }, 'not signed with a registered key'],
    ['of the type of another JWS', { header: { typ: 'jwt' } }, 'not signed with a registered key'],
    ['of another result', { claims: { ...attested, result: 'match' } }, 'another result'],
    ['of another payee', { claims: { ...attested, creditorName: 'Annan AB' } }, 'another creditorName'],
    ['of another account', { claims: { ...attested, account: { iban: 'DE89370400440532013000' } } }, 'another account'],
    ['of an account that is none', { claims: { ...attested, account: iban } }, 'another account'],
    ['of another name', { claims: { ...attested, matchedName: 'Skatteverket' } }, 'another matchedName'],
    ['without the name', { claims: withoutName }, 'another matchedName'],
    ['of another time', { claims: { ...attested, checkedAt: '2026-11-22T10:04:59Z' } }, 'another checkedAt'],
    ['without a time', { claims: { ...attested, checkedAt: undefined } }, 'another checkedAt'],
    ['of more than that', { claims: { ...attested, sub: 'exempelbanken' } }, 'attested more'],
    ['of something else', { claims: [] }, 'not a JSON object'],
  ])('is refused where it is %s', async (_title, made, detail) => {
    const attestation = await attest(made);
    const refusal = refusalOf(() => check({ ...stated, attestation }));
    expect(refusal).toContain('/authorization_details/0/creditorNameVerification/attestation: ');
    expect(refusal).toContain(detail);
  });

  it('is refused if it was changed', async () => {
    const [header, payload, signature] = (await attest({})).split('.');
    const changed = Buffer.from(JSON.stringify({ ...attested, creditorName: 'Elbolaget AC' })).toString('base64url');
    for (const attestation of [`${header}.${changed}.${signature}`, `${header}.${payload}.AAAA`, 'a.b.c']) {
      expect(refusalOf(() => check({ ...stated, attestation }))).toContain('not signed with a registered key');
    }
  });
});

describe('the time of a verification', () => {
  it.each([
    ['10:00:00.000', 'accepted'],
    ['09:59:59.999', 'older than 10 minutes'],
    ['10:10:30.000', 'accepted'],
    ['10:10:30.001', 'in the future'],
  ])('is compared with now: %s is %s', async (time, verdict) => {
    const at = { ...stated, checkedAt: `2026-11-22T${time}Z` };
    const attestation = await attest({ claims: { ...attested, checkedAt: at.checkedAt } });
    expect(refusalOf(() => check({ ...at, attestation }))).toContain(verdict);
    expect(refusalOf(() => check(at))).toContain(verdict);
  });
});
