import { createHash } from 'node:crypto';
import { importJWK, jwtVerify, UnsecuredJWT, type JWK } from 'jose';
import { Clients } from '../../../src/clients/clients.ts';
import { Signatories } from '../../../src/compliance/identity/signatories.ts';
import { ExportDownloads } from '../../../src/compliance/orders/export-downloads.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportOrders } from '../../../src/compliance/orders/export-orders.ts';
import { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import {
  ApprovalSteps,
  auditor,
  auditorOf,
  newKeys,
  refusalOf,
  secondAuditor,
} from '../../support/approvals/approval-steps.ts';
import type { TokenChanges } from '../../support/approvals/pretend-provider.ts';
import { anna, bo } from '../../support/system/system.ts';
import type { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';

describe('an order for the signatures of several consents', () => {
  let steps: ApprovalSteps;
  let evidence: EvidenceSteps;

  beforeAll(async () => {
    steps = await ApprovalSteps.start();
    evidence = steps.evidence;
  }, 60_000);
  afterAll(() => steps.stop());

  const seconds = (ms: number): number => Math.floor((evidence.clock.now().getTime() + ms) / SECOND_MS);

  it('is refused where the bank of the auditor names no provider of approvers', async () => {
    const bare = new Signatories(evidence.database.database, evidence.get(Envelope), new Clients([]), newKeys());
    const { database } = evidence.database;
    const journal = evidence.get(ExportJournal);
    const orders = new ExportOrders(database, evidence.get(Envelope), evidence.get(ExportResults), journal, bare);
    await expect(orders.place(steps.folders(), auditor)).rejects.toMatchObject({ code: 'export.no-approver' });
  });

  it('is worked on by no instance before its approval, and expires after seven days', async () => {
    const id = await steps.order();
    const workers = evidence.get(ExportWorkers);
    expect(await workers.runOnce()).toBe(0);
    const content = evidence.get(ExportDownloads).open(id, auditor, { range: undefined, ifRange: undefined }, () => {});
    await expect(content).rejects.toMatchObject({ code: 'export.not-ready' });
    steps.later(7 * DAY_MS - 1);
    await workers.sweepOnce();
    expect(await steps.stateOf(id)).toBe('awaiting-approval');
    steps.later(1);
    await workers.sweepOnce();
    expect(await steps.stateOf(id)).toBe('expired');
    expect(await evidence.database.asOwner('select from data_key where subject = $1', [`export:${id}`])).toHaveLength(
      0,
    );
    expect((await steps.eventsOf(id)).map(({ type }) => type)).toEqual(['export.ordered', 'export.expired']);
    await expect(steps.approve(id, 'astrid')).rejects.toMatchObject({ code: 'export.not-awaiting-approval' });
  });

  it('is let go on by no statement that forgets the approval, or takes the requester for the approver', async () => {
    const id = await steps.order();
    const waiting = `update export_order set state = 'waiting'`;
    await expect(evidence.database.asOwner(`${waiting} where export_id = $1`, [id])).rejects.toThrow(
      'export_order_approval',
    );
    const own = `approval_sha256 = (select token_sha256 from export_signatory where export_id = $1)`;
    await expect(evidence.database.asOwner(`${waiting}, ${own} where export_id = $1`, [id])).rejects.toThrow(
      'export_order_approved',
    );
    const other = `update export_order set to_at = to_at + interval '1 day' where export_id = $1`;
    await expect(evidence.database.asOwner(other, [id])).rejects.toThrow('stays as it was ordered');
  });

  it('goes on when another person approves it, whose token is kept as the proof and named nowhere', async () => {
    const id = await steps.order();
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    const { approvals } = steps.partsOf();
    const idTokenSha256 = createHash('sha256').update(token).digest('hex');
    const approval = { method: 'id-token', issuer: steps.provider.issuer, idTokenSha256 };
    expect(await approvals.approve(id, token, secondAuditor)).toMatchObject({ state: 'waiting', approval });
    const [ordered, approved] = await steps.eventsOf(id);
    expect(ordered).toMatchObject({ type: 'export.ordered', actor: 'auditor-a' });
    const detail = { issuer: steps.provider.issuer, idTokenSha256, nonce: await steps.nonceOf(id) };
    expect(approved).toMatchObject({ type: 'export.approved', actor: 'second-auditor-a', detail });
    expect(JSON.stringify([await steps.eventsOf(id), await approvals.read(id, auditor)])).not.toMatch(/astrid|rut|eyJ/);
    const rows = await evidence.database.asOwner('select * from export_signatory where export_id = $1', [id]);
    expect(JSON.stringify(rows)).not.toMatch(/astrid|rut/);

    // The proof stands by itself: what was signed, by which token, under which key.
    const proof = await approvals.readProof(id, auditor);
    expect((await steps.eventsOf(id)).at(-1)).toMatchObject({ type: 'export.approval-read', actor: 'auditor-a' });
    const parts = [proof['requester'], proof['approver']] as unknown as readonly Proof[];
    const at = { currentDate: evidence.clock.now() };
    const verified = await Promise.all(
      parts.map(
        async ({ idToken, jwk }) =>
          (await jwtVerify(idToken, await importJWK(JSON.parse(jwk) as JWK, 'ES256'), at)).payload,
      ),
    );
    expect(verified.map(({ sub }) => sub)).toEqual(['rut', 'astrid']);
    expect(verified.map(({ nonce }) => nonce)).toEqual(
      parts.map(({ statement }) => createHash('sha256').update(statement).digest('base64url')),
    );
    expect(JSON.parse(parts[1]?.statement ?? '')).toMatchObject({
      exportId: id,
      format: 'folders',
      caseReference: 'FI/2026-117',
      expected: 2,
      requesterTokenSha256: parts[0]?.idTokenSha256,
    });
    expect(JSON.parse(parts[0]?.statement ?? '')).toMatchObject({ client: 'auditor-a', order: { format: 'folders' } });
  });

  it('is approved once, by fifty at the same time as by one after another', async () => {
    const id = await steps.order();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => steps.approve(id, `approver-${n}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'export.not-awaiting-approval' });
    await expect(steps.approve(id, 'bo')).rejects.toMatchObject({ code: 'export.not-awaiting-approval' });
    expect((await steps.eventsOf(id)).map(({ type }) => type)).toEqual(['export.ordered', 'export.approved']);
  });

  it('is approved by nothing but a fresh login of another person who has the role', async () => {
    const id = await steps.order();
    const refused: readonly (readonly [string, TokenChanges & { nonce?: string }, string])[] = [
      ['rut', {}, 'approval.own-order'],
      ['astrid', { claims: { roles: ['employee'] } }, 'approval.not-approver'],
      ['astrid', { claims: { roles: undefined } }, 'approval.not-approver'],
      ['astrid', { claims: { roles: { 'sigill-approver': true } } }, 'approval.not-approver'],
      ['astrid', { claims: { roles: 'not sigill-approver' } }, 'approval.not-approver'],
      ['astrid', { claims: { auth_time: seconds(-5 * MINUTE_MS - SECOND_MS) } }, 'approval.login-too-old'],
      ['astrid', { claims: { auth_time: seconds(2 * MINUTE_MS) } }, 'approval.token-invalid'],
      ['astrid', { claims: { auth_time: undefined } }, 'approval.token-invalid'],
      ['astrid', { claims: { auth_time: 'now' } }, 'approval.token-invalid'],
      ['astrid', { claims: { exp: seconds(-2 * MINUTE_MS) } }, 'approval.token-invalid'],
      ['astrid', { claims: { exp: undefined } }, 'approval.token-invalid'],
      ['astrid', { claims: { aud: 'another' } }, 'approval.token-invalid'],
      ['astrid', { claims: { aud: ['sigill', 'another'] } }, 'approval.token-invalid'],
      ['astrid', { claims: { iss: `${steps.provider.issuer}/` } }, 'approval.token-invalid'],
      // Issued to another client of the provider, which chose its nonce.
      ['astrid', { claims: { azp: 'another' } }, 'approval.token-invalid'],
      ['', {}, 'approval.token-invalid'],
      ['astrid', { claims: { sub: ['rut'] } }, 'approval.token-invalid'],
      ['astrid', { nonce: 'A'.repeat(43) }, 'approval.other-order'],
      ['astrid', { claims: { nonce: undefined } }, 'approval.token-invalid'],
      ['astrid', { header: { alg: 'HS256' }, key: steps.provider.publicKeyBytes }, 'approval.token-invalid'],
      ['astrid', { header: { kid: 'another' } }, 'approval.token-invalid'],
    ];
    for (const [sub, changes, code] of refused)
      expect([changes, (await refusalOf(steps.approve(id, sub, changes))).code]).toEqual([changes, code]);
    const { approvals } = steps.partsOf();
    const unsecured = new UnsecuredJWT({
      nonce: await steps.nonceOf(id),
      auth_time: seconds(0),
      roles: 'sigill-approver',
    })
      .setIssuer(steps.provider.issuer)
      .setAudience('sigill')
      .setSubject('astrid')
      .setIssuedAt(seconds(0))
      .setExpirationTime(seconds(MINUTE_MS))
      .encode();
    for (const token of [unsecured, 'a.b.c'])
      await expect(approvals.approve(id, token, secondAuditor)).rejects.toMatchObject({
        code: 'approval.token-invalid',
      });
    expect(await steps.stateOf(id)).toBe('awaiting-approval');
    // The role may be a text by itself, the audience an array of one, and the login almost five minutes old.
    const claims = { roles: 'sigill-approver', aud: ['sigill'], azp: 'sigill', auth_time: seconds(-5 * MINUTE_MS) };
    expect(await steps.approve(id, 'astrid', { claims })).toMatchObject({ state: 'waiting' });
  });

  it('is not approved by what approves another order, nor by what approved it before it was changed', async () => {
    const [id, other] = [await steps.order(), await steps.order()];
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    const { approvals } = steps.partsOf();
    await expect(approvals.approve(other, token, auditor)).rejects.toMatchObject({ code: 'approval.other-order' });
    // With the rights of the owner, and with the lock taken away.
    const lock = 'trigger export_order_stays_as_ordered';
    await evidence.database.asOwner(`alter table export_order disable ${lock}`, []);
    await evidence.database.asOwner(`update export_order set to_at = to_at + interval '1 day' where export_id = $1`, [
      id,
    ]);
    await evidence.database.asOwner(`alter table export_order enable always ${lock}`, []);
    await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject({ code: 'approval.other-order' });
  });

  it('does not exist for an auditor of another bank, whose approver approves nothing', async () => {
    const id = await steps.order();
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    const { approvals } = steps.partsOf();
    const foreign = auditorOf('bank-b', 'auditor-b');
    for (const call of [
      approvals.approve(id, token, foreign),
      approvals.read(id, foreign),
      approvals.readProof(id, foreign),
    ])
      await expect(call).rejects.toMatchObject({ code: 'export.not-found' });
    expect(await steps.stateOf(id)).toBe('awaiting-approval');
  });

  it('waits while the provider cannot be asked, and its new keys are found', async () => {
    const id = await steps.order();
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    const unasked = newKeys();
    const unavailable = { code: 'approval.provider-unavailable' };
    try {
      const { approvals } = steps.partsOf(steps.provider.registration, unasked);
      steps.provider.status = 503;
      await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject(unavailable);
      steps.provider.status = 302;
      await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject(unavailable);
      steps.provider.status = 200;
      for (const metadata of [
        { issuer: 'https://another.example' },
        { jwks_uri: undefined },
        { jwks_uri: 'file:///etc' },
      ]) {
        steps.provider.metadata = metadata;
        await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject(unavailable);
      }
      steps.provider.metadata = {};
      expect(await steps.stateOf(id)).toBe('awaiting-approval');
      await steps.provider.rotate();
      // Under the key that it had before.
      await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject({ code: 'approval.token-invalid' });
    } finally {
      steps.provider.status = 200;
      steps.provider.metadata = {};
      await unasked.onApplicationShutdown();
    }
    // Keys that this instance has kept are replaced when a token names another.
    expect(await steps.approve(id, 'astrid')).toMatchObject({ state: 'waiting' });
  });

  it('is not ordered twice by one login, nor with a login for another order', async () => {
    const { orders } = steps.partsOf();
    const body = steps.folders();
    const { extra } = await refusalOf(orders.place(body, auditor));
    const requesterToken = await steps.provider.idToken('rut', extra['nonce'] ?? '');
    const placed = await orders.place({ ...body, requesterToken }, auditor);
    const refusals = [
      [orders.place({ ...body, requesterToken }, auditor), 'approval.replayed'],
      [orders.place({ ...body, requesterToken, purpose: 'complaint' }, auditor), 'approval.other-order'],
      [orders.place({ ...body, requesterToken }, secondAuditor), 'approval.other-order'],
      [orders.place({ ...body, format: 'list', requesterToken }, auditor), 'request.malformed'],
    ] as const;
    for (const [refused, code] of refusals) expect((await refusalOf(refused)).code).toBe(code);
    await expect(steps.approve(placed['exportId'] as string, 'rut')).rejects.toMatchObject({
      code: 'approval.own-order',
    });
  });

  it('of one person is signed for that person alone, whom the proof does not name', async () => {
    const { orders, approvals } = steps.partsOf();
    const body = { ...steps.folders(), payer: anna, paymentReference: 'REF-1' };
    const { extra } = await refusalOf(orders.place(body, auditor));
    const requesterToken = await steps.provider.idToken('rut', extra['nonce'] ?? '');
    const another = orders.place({ ...body, payer: bo, requesterToken }, auditor);
    await expect(another).rejects.toMatchObject({ code: 'approval.other-order' });
    const placed = await orders.place({ ...body, requesterToken }, auditor);
    const proof = JSON.stringify(await approvals.readProof(placed['exportId'] as string, auditor));
    expect([proof.includes('paymentReference'), proof.includes(anna), proof.includes('REF-1')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('may come from the client alone where the bank says so, and only there', async () => {
    const { orders } = steps.partsOf({ ...steps.provider.registration, unnamedRequester: true });
    const placed = await orders.place(steps.folders(), auditor);
    const id = placed['exportId'] as string;
    expect(placed).toMatchObject({ state: 'awaiting-approval' });
    await expect(steps.approve(id, 'astrid')).rejects.toMatchObject({ code: 'export.requester-needed' });
    const lenient = steps.partsOf({ ...steps.provider.registration, unnamedRequester: true }).approvals;
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    expect(await lenient.approve(id, token, auditor)).toMatchObject({ state: 'waiting' });
  });

  it('is not approved where another client of the provider was registered since, so that persons cannot be compared', async () => {
    const id = await steps.order();
    const { approvals } = steps.partsOf({ ...steps.provider.registration, clientId: 'sigill-2' });
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id), { claims: { aud: 'sigill-2' } });
    await expect(approvals.approve(id, token, auditor)).rejects.toMatchObject({ code: 'approval.own-order' });
  });
});

interface Proof {
  readonly statement: string;
  readonly idToken: string;
  readonly idTokenSha256: string;
  readonly jwk: string;
}
