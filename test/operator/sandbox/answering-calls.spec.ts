import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApproval } from '../../../sandbox/approval.ts';
import { sandboxPorts } from '../../../sandbox/start-options.ts';
import { base64, Bench } from '../../support/bankid/relying-party.ts';
import { programSources, sources } from '../../support/sources.ts';

const person = '198506152399';

let bench: Bench;
let server: Server;
/** The order of the one request that there is. */
let orderRef: string;
beforeAll(async () => {
  bench = await Bench.start();
  const findOrder = (authReqId: string): Promise<{ readonly orderRef: string } | undefined> =>
    Promise.resolve(authReqId === 'known' ? { orderRef } : undefined);
  server = await startApproval({ port: 0, app: bench.app, findOrder });
}, 60_000);
beforeEach(async () => {
  const body = { personalNumber: person, callInitiator: 'user', userVisibleData: base64('Logga in.') };
  ({ orderRef } = await bench.placeAt('phone/sign', body));
});
// A person has one order at a time.
afterEach(() => bench.clock.advance(10 * 60_000));
afterAll(async () => {
  server.close();
  await once(server, 'close');
  await bench.stop();
});

function ask(query: string, method = 'POST'): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/?${query}`, { method });
}

describe('the suite answers phone calls in the place of a person:', () => {
  it('allow confirms the call and signs in the pretend app', async () => {
    const answer = await ask('auth_req_id=known&action=allow');
    expect([answer.status, await answer.json()]).toEqual([200, { outcome: 'allowed' }]);
    const { body } = await bench.collect(orderRef);
    expect([body.status, body.completionData.user.personalNumber]).toEqual(['complete', person]);
  });

  it('deny cancels in the pretend app', async () => {
    const answer = await ask('auth_req_id=known&action=deny');
    expect([answer.status, await answer.json()]).toEqual([200, { outcome: 'denied' }]);
    expect((await bench.collect(orderRef)).body).toMatchObject({ status: 'failed', hintCode: 'userCancel' });
  });

  it.each([
    ['a request that is not known', 'auth_req_id=another&action=allow', 'POST', 404],
    ['no request', 'action=allow', 'POST', 404],
    ['another action', 'auth_req_id=known&action=sign', 'POST', 400],
    ['no action', 'auth_req_id=known', 'POST', 400],
    ['another method', 'auth_req_id=known&action=allow', 'GET', 400],
  ])('%s changes nothing', async (_what, query, method, status) => {
    expect((await ask(query, method)).status).toBe(status);
    expect((await bench.collect(orderRef)).body).toMatchObject({
      status: 'pending',
      hintCode: 'outstandingTransaction',
    });
  });

  it('an order that is over stays as it ended', async () => {
    await bench.app.openFor(person);
    await bench.app.cancel(orderRef);
    const answer = await ask('auth_req_id=known&action=allow');
    expect([answer.status, await answer.json()]).toEqual([502, { outcome: 'nothing-waits' }]);
  });
});

describe('the address at which calls are answered', () => {
  it('is on this machine alone, at a port of its own', () => {
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
    const ports = Object.values(sandboxPorts(4000));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('is no part of the service: what the image is built from neither has it nor imports what has it', () => {
    const built = [...programSources(), ...sources('migrations')];
    expect(built.length).toBeGreaterThan(100);
    const naming = built.filter(({ code }) =>
      /startApproval|automated_ciba|sandbox\/(?:approval|ciba-suite)/.test(code),
    );
    expect(naming).toEqual([]);
  });
});
