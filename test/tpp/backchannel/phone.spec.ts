import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import { OrderSteps } from '../../support/bankid/order-steps.ts';
import { eventually } from '../../support/eventually.ts';
import type { BackchannelClient, Requested } from '../../support/parties/backchannel-client.ts';
import { anna, bo } from '../../support/system/system.ts';

let steps: BackchannelSteps;
let tpp: BackchannelClient;

beforeAll(async () => {
  steps = await BackchannelSteps.start();
  tpp = await steps.connect(steps.world.system.clients.phoneTpp);
});
afterAll(() => steps.stop());

const IN_A_CALL = {
  bankid_start: 'phone',
  end_user_ip: undefined,
  operator_reference: 'desk-7',
} as const;

const request = (personalNumber = anna): Promise<Requested> =>
  tpp.request({ ...IN_A_CALL, login_hint: `personnummer:${personalNumber}` });

const stateIs = (requested: Requested, state: string): Promise<true> =>
  eventually(async () => ((await tpp.call(requested, 'GET')).body['state'] === state ? true : undefined));

describe('an operator who talks with the payer', () => {
  it('has the payment signed in the call, and the bank consumes it', async () => {
    const requested = await request();
    expect(requested).toMatchObject({ interval: 5, expiresIn: 180 });
    // The person hears the operator: there is no message to be shown, and nothing to be started.
    expect((await tpp.call(requested, 'GET')).body).toEqual({ state: 'waiting', way: 'phone' });
    expect((await tpp.call(requested, 'GET', '/qr')).status).toBe(409);
    expect((await tpp.call(requested, 'POST', '/launch')).status).toBe(409);
    const { id } = await steps.world.app.openFor(anna);
    await steps.world.app.answerCall(id, true);
    await steps.sign(id);
    await stateIs(requested, 'done');
    const answer = await tpp.poll(requested);
    expect(answer.status).toBe(200);
    expect(await steps.consume(requested, answer)).toBe(200);
  });

  it('is told that the person is in no such call, and nothing else', async () => {
    const requested = await request(bo);
    const { id } = await steps.world.app.openFor(bo);
    await steps.world.app.answerCall(id, false);
    await stateIs(requested, 'ended');
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'access_denied', error_description: 'declined' });
  });

  it('names the person, itself by a pseudonym, and who called whom, as it is registered', async () => {
    const refusal = async (changes: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> => {
      const { status, body } = await steps.world.refused(() => tpp.ask({ ...IN_A_CALL, ...changes }));
      return [status, body['error']];
    };
    expect(await refusal({ login_hint: undefined })).toEqual([400, 'invalid_request']);
    expect(await refusal({ operator_reference: undefined })).toEqual([400, 'invalid_request']);
    expect(await refusal({ operator_reference: anna })).toEqual([400, 'invalid_request']);
    expect(await refusal({ end_user_ip: '127.0.0.1' })).toEqual([400, 'invalid_request']);
    expect(await refusal({ call_initiator: 'RP' })).toEqual([400, 'unauthorized_client']);
    expect(await refusal({ bankid_start: 'qr', operator_reference: undefined, end_user_ip: '127.0.0.1' })).toEqual([
      400,
      'unauthorized_client',
    ]);
  });

  it('ends its own open request when it asks the person anew', async () => {
    steps.advance(601);
    const first = await request(bo);
    const second = await request(bo);
    await stateIs(first, 'ended');
    expect((await tpp.poll(first)).body).toMatchObject({ error: 'access_denied' });
    expect((await tpp.call(second, 'GET')).body).toMatchObject({ state: 'waiting' });
    await tpp.call(second, 'DELETE');
  });

  it('cannot tell whether the person is asked too often, is in another client’s call, or is busy at BankID', async () => {
    steps.advance(601);
    const placing = new OrderSteps(steps.world.system, steps.world.app);
    const ask = async (personalNumber: string): Promise<object> => {
      const answer = await tpp.ask({ ...IN_A_CALL, login_hint: `personnummer:${personalNumber}` });
      const { status, text, headers } = answer;
      return { status, text, headers: [...headers.keys()].filter((name) => name !== 'dpop-nonce').sort() };
    };
    for (let asked = 0; asked < 3; asked += 1) await request(anna);
    const tooOften = await ask(anna);
    const requirement = { personalNumber: bo as PersonalNumber };
    const theirs = await placing.place({ start: { way: 'phone', callInitiator: 'user' }, requirement });
    const inACall = await ask(bo);
    expect(await placing.orders.findProgress(theirs.group)).toMatchObject({ state: 'pending' });
    await placing.orders.cancelOrder(theirs.group);
    await placing.place({ requirement });
    const busyAtBankId = await ask(bo);
    const description = 'The person cannot be asked at present.';
    expect(tooOften).toMatchObject({
      status: 403,
      text: JSON.stringify({
        error: 'access_denied',
        error_description: description,
        error_uri: `${steps.tpp.raw.issuer}/problems/person.busy`,
      }),
    });
    expect([inACall, busyAtBankId]).toEqual([tooOften, tooOften]);
  });
});

it('leaves no chain of events that its rows contradict', async () => {
  expect(await steps.auditFindings()).toEqual([]);
});
