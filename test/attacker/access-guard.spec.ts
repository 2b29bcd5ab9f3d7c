import { Controller, Delete, Get, Post } from '@nestjs/common';
import {
  Access,
  CurrentCaller,
  OpenRequests,
  OptionalCaller,
  Public,
  type Caller,
} from '../../src/client-auth/access.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { TokenSteps } from '../support/token/token-steps.ts';
import { atRest } from '../support/system/system.ts';
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

  @Get('log')
  @Access({ roles: ['bank', 'auditor'], scope: 'evidence', openTo: 'public-log' })
  log(@OptionalCaller() caller: Caller | undefined): string {
    return caller?.clientId ?? 'open';
  }
}

class ProbeModule {}

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ ...atRest, modules: [{ module: ProbeModule, controllers: [ProbeController] }] });
});
afterAll(() => steps.stop());

const call = (party: RawClient, token: string, path: string, method = 'GET') => party.call(token, method, path);

describe('a route', () => {
  it('that does not declare who may call it is refused to every caller', async () => {
    expect((await steps.tpp.get('/probe/undeclared')).status).toBe(403);
    const token = await steps.bank.machineToken();
    expect((await call(steps.bank, token, '/probe/undeclared')).status).toBe(403);
  });

  it('declared public is open to all', async () => {
    expect((await steps.tpp.get('/probe/public')).text).toBe('open');
  });

  it('is open to a request without credentials where what it asks for is public, and believes none that are wrong', async () => {
    steps.world.get(OpenRequests).add('public-log', ({ query }) => Promise.resolve(query['of'] === 'all'));
    const { bank, tpp } = steps.parties;
    expect((await bank.get('/probe/log?of=all')).text).toBe('open');
    const closed = await bank.get('/probe/log?of=bank');
    expect([closed.status, closed.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^DPoP /)]);
    expect((await call(bank, await bank.machineToken('evidence'), '/probe/log?of=bank')).text).toBe(bank.id);
    expect((await call(tpp, await tpp.machineToken(), '/probe/log?of=all')).status).toBe(403);
    const wrong = await bank.send('GET', '/probe/log?of=all', { headers: { authorization: 'DPoP none' } });
    expect(wrong.status).toBe(401);
  });

  it('is told who is calling, and for which bank', async () => {
    const { bank, auditor } = steps.parties;
    const asBank = await call(bank, await bank.machineToken(), '/probe/evidence?a=1');
    expect(asBank.body).toMatchObject({ clientId: bank.id, role: 'bank', bank: bank.id });
    const asAuditor = await call(auditor, await auditor.machineToken(), '/probe/evidence');
    expect(asAuditor.body).toMatchObject({ clientId: auditor.id, role: 'auditor', bank: bank.id });
  });

  it('is closed to another role, and to the right role without the scope', async () => {
    const { tpp, bank } = steps.parties;
    const wrongRole = await call(tpp, await tpp.machineToken(), '/probe/consume', 'POST');
    expect(wrongRole.status).toBe(403);
    expect(wrongRole.headers.get('www-authenticate')).toMatch(/^DPoP error="insufficient_scope", scope="consume"/);
    expect((await call(bank, await bank.machineToken('evidence'), '/probe/consume', 'POST')).status).toBe(403);
    expect((await call(bank, await bank.machineToken('consume'), '/probe/consume', 'POST')).status).toBe(201);
  });

  it('takes the token of a consent only where it says so', async () => {
    const { token, consentId, party } = await steps.token();
    expect((await call(party, token, '/probe/consents')).body).toMatchObject({ clientId: party.id, consentId });
    expect((await call(party, token, '/probe/consents', 'DELETE')).status).toBe(403);
  });
});

describe('a caller', () => {
  it('without credentials is challenged', async () => {
    const response = await steps.tpp.get('/probe/consents');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('DPoP algs="ES256 PS256 EdDSA Ed25519"');
  });

  it('cannot use a bound token as a Bearer token, in the query or in a form', async () => {
    const { tpp } = steps.parties;
    const token = await tpp.machineToken();
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    const bearer = await steps.tpp.get('/probe/consents', { authorization: `Bearer ${token}`, dpop });
    expect(bearer.status).toBe(401);
    expect((await steps.tpp.get(`/probe/consents?access_token=${token}`, { dpop })).status).toBe(401);
  });

  it('may write the scheme in any case', async () => {
    const { tpp } = steps.parties;
    const token = await tpp.machineToken();
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    expect((await steps.tpp.get('/probe/consents', { authorization: `dpop ${token}`, dpop })).status).toBe(200);
  });

  it('with another key than the token is bound to is refused', async () => {
    const token = await steps.tpp.machineToken();
    const response = await call(steps.parties.otherTpp, token, '/probe/consents');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
  });

  it('without a proof, with a proof for another token, address or method is refused', async () => {
    const { tpp } = steps.parties;
    const token = await tpp.machineToken();
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
      const response = await steps.tpp.get('/probe/consents', headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/);
    }
  });

  it('uses a proof once, also when it comes twenty times at the same moment', async () => {
    const { tpp } = steps.parties;
    const token = await tpp.machineToken();
    const dpop = await tpp.proof('GET', '/probe/consents', token);
    const send = () => steps.tpp.get('/probe/consents', { authorization: `DPoP ${token}`, dpop });
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(19);
  });

  it('with an unknown, revoked or expired token is refused', async () => {
    const { tpp } = steps.parties;
    expect((await call(tpp, 'unknown', '/probe/consents')).status).toBe(401);
    const revoked = await tpp.machineToken();
    await steps.tpp.post('/revoke', { ...(await tpp.authentication()), token: revoked });
    expect((await call(tpp, revoked, '/probe/consents')).status).toBe(401);
    const expired = await tpp.machineToken();
    steps.advance(5 * MINUTE_MS);
    expect((await call(tpp, expired, '/probe/consents')).status).toBe(401);
  });
});
