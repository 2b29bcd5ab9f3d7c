import { Controller, Delete, Get, Post } from '@nestjs/common';
import { Access, CurrentCaller, Public, type Caller } from '../../src/client-auth/access.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { TokenHarness } from '../support/token/token.ts';
import type { RawClient } from '../support/parties/raw-client.ts';

@Controller('probe')
class ProbeController {
  @Get('undeclared')
  undeclared(): string {
    return 'open';
  }

  @Get('public')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('consents')
  @Access({ roles: ['tpp', 'bank'], scope: 'consents', consentToken: true })
  consents(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Delete('consents')
  @Access({ roles: ['tpp', 'bank'], scope: 'consents' })
  withdraw(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Post('consume')
  @Access({ roles: ['bank'], scope: 'consume' })
  consume(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('evidence')
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence' })
  evidence(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }
}

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start([ProbeController]);
});
afterAll(() => harness.stop());

async function tokenOf(party: RawClient, scope?: string): Promise<string> {
  return ((await harness.machineToken(party, scope)).body as { access_token: string }).access_token;
}

const call = (party: RawClient, token: string, path: string, method = 'GET') => party.call(token, method, path);

describe('a route', () => {
  it('that does not declare who may call it is refused to every caller', async () => {
    expect((await harness.visit('/probe/undeclared')).status).toBe(403);
    const token = await tokenOf(harness.parties.bank);
    expect((await call(harness.parties.bank, token, '/probe/undeclared')).status).toBe(403);
  });

  it('declared public is open to all', async () => {
    expect((await harness.visit('/probe/public')).text).toBe('open');
  });

  it('is told who is calling, and for which bank', async () => {
    const { bank, auditor } = harness.parties;
    const asBank = await call(bank, await tokenOf(bank), '/probe/evidence?a=1');
    expect(asBank.body).toMatchObject({ clientId: bank.id, role: 'bank', bank: bank.id });
    const asAuditor = await call(auditor, await tokenOf(auditor), '/probe/evidence');
    expect(asAuditor.body).toMatchObject({ clientId: auditor.id, role: 'auditor', bank: bank.id });
  });

  it('is closed to another role, and to the right role without the scope', async () => {
    const { tpp, bank } = harness.parties;
    const wrongRole = await call(tpp, await tokenOf(tpp), '/probe/consume', 'POST');
    expect(wrongRole.status).toBe(403);
    expect(wrongRole.headers.get('www-authenticate')).toMatch(/^DPoP error="insufficient_scope", scope="consume"/);
    expect((await call(bank, await tokenOf(bank, 'evidence'), '/probe/consume', 'POST')).status).toBe(403);
    expect((await call(bank, await tokenOf(bank, 'consume'), '/probe/consume', 'POST')).status).toBe(201);
  });

  it('takes the token of a consent only where it says so', async () => {
    const { accessToken, consentId, party } = await harness.token();
    expect((await call(party, accessToken, '/probe/consents')).body).toMatchObject({ clientId: party.id, consentId });
    expect((await call(party, accessToken, '/probe/consents', 'DELETE')).status).toBe(403);
  });
});

describe('a caller', () => {
  it('without credentials is challenged', async () => {
    const response = await harness.visit('/probe/consents');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('DPoP algs="ES256 PS256 EdDSA Ed25519"');
  });

  it('cannot use a bound token as a Bearer token, in the query or in a form', async () => {
    const { tpp } = harness.parties;
    const token = await tokenOf(tpp);
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    const bearer = await harness.visit('/probe/consents', { authorization: `Bearer ${token}`, dpop });
    expect(bearer.status).toBe(401);
    expect((await harness.visit(`/probe/consents?access_token=${token}`, { dpop })).status).toBe(401);
  });

  it('may write the scheme in any case', async () => {
    const { tpp } = harness.parties;
    const token = await tokenOf(tpp);
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    expect((await harness.visit('/probe/consents', { authorization: `dpop ${token}`, dpop })).status).toBe(200);
  });

  it('with another key than the token is bound to is refused', async () => {
    const token = await tokenOf(harness.parties.tpp);
    const response = await call(harness.parties.otherTpp, token, '/probe/consents');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
  });

  it('without a proof, with a proof for another token, address or method is refused', async () => {
    const { tpp } = harness.parties;
    const token = await tokenOf(tpp);
    const authorization = `DPoP ${token}`;
    const proofs = [
      undefined,
      await tpp.proof('GET', '/probe/consents'),
      await tpp.proof('GET', '/probe/consents', 'another'),
      await tpp.proof('GET', '/probe/evidence', token),
      await tpp.proof('POST', '/probe/consents', token),
    ];
    for (const proof of proofs) {
      const headers = proof === undefined ? { authorization } : { authorization, dpop: proof };
      const response = await harness.visit('/probe/consents', headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/);
    }
  });

  it('uses a proof once, also when it comes twenty times at the same moment', async () => {
    const { tpp } = harness.parties;
    const token = await tokenOf(tpp);
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    const send = () => harness.visit('/probe/consents', { authorization: `DPoP ${token}`, dpop });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(19);
  });

  it('with an unknown, revoked or expired token is refused', async () => {
    const { tpp } = harness.parties;
    expect((await call(tpp, 'unknown', '/probe/consents')).status).toBe(401);
    const revoked = await tokenOf(tpp);
    await harness.post('/revoke', { ...(await tpp.authentication()), token: revoked });
    expect((await call(tpp, revoked, '/probe/consents')).status).toBe(401);
    const expired = await tokenOf(tpp);
    harness.clock.advance(5 * MINUTE_MS);
    expect((await call(tpp, expired, '/probe/consents')).status).toBe(401);
  });
});
