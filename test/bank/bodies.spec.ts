import { BankSteps } from '../support/parties/bank-steps.ts';

describe('a bank that consumes', () => {
  let steps: BankSteps;
  beforeAll(async () => {
    steps = await BankSteps.start();
  }, 120_000);
  afterAll(() => steps.stop());

  it('is refused where its body says one thing twice, and where it is not said to be JSON; the consent is still good', async () => {
    const entitled = await steps.entitled();
    const { bank } = steps.parties;
    const token = await bank.machineToken('consume');
    const path = `/consents/${entitled.consentId}/consume`;
    const body = JSON.stringify(steps.consumption(entitled, 'twice-1'));
    const send = async (text: string, type = 'application/json'): Promise<readonly unknown[]> => {
      const proof = await bank.proof('POST', path, token);
      const headers = { authorization: `DPoP ${token}`, dpop: proof, 'content-type': type };
      const answer = await bank.send('POST', path, { body: text, headers });
      return [answer.status, answer.body['code']];
    };
    const twice = [400, 'request.malformed'];
    expect(await send(body.replace('"paymentReference"', '"paymentReference":"other","paymentReference"'))).toEqual(
      twice,
    );
    expect(await send(body.replace('"amount"', '"amount":"9999.00","amount"'))).toEqual(twice);
    expect(await send(body.replace('"amount"', '"\\u0061mount":"9999.00","amount"'))).toEqual(twice);
    const wrongType = [415, 'request.unsupported-media-type'];
    for (const type of ['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded', 'text/json']) {
      expect(await send(body, type)).toEqual(wrongType);
    }
    expect(await send(body, 'Application/JSON; charset=UTF-8')).toEqual([200, undefined]);
  });

  it('finds a consent and its evidence by ids in upper case', async () => {
    const entitled = await steps.entitled();
    const upper = { ...entitled, consentId: entitled.consentId.toUpperCase() };
    const { bank } = steps.parties;
    const read = await bank.call(await bank.machineToken('consents'), 'GET', `/consents/${upper.consentId}`);
    expect([read.status, read.body['consentId'] ?? read.body['id']]).toEqual([200, entitled.consentId]);
    const list = await steps.read(`/consents/${upper.consentId}/evidence`, 'audit');
    const [first] = list.body['evidence'] as readonly { readonly evidenceId: string }[];
    const evidence = await steps.read(`/evidence/${first!.evidenceId.toUpperCase()}`, 'audit');
    expect([evidence.status, evidence.body['evidenceId']]).toEqual([200, first!.evidenceId]);
    expect((await steps.consume(upper, steps.consumption(entitled, 'upper-1'))).status).toBe(200);
    expect((await steps.report(upper, { execution: 'executed' })).status).toBe(200);
  });
});
