import { createHash } from 'node:crypto';
import { StoredVerdicts } from '../../src/compliance/reverify/stored-verdicts.ts';
import type { Database } from '../../src/database/database.ts';
import { evidenceDigest } from '../../src/evidence-files/evidence-digest.ts';
import { addMs } from '../../src/kernel/clock.ts';
import { newConsentId } from '../../src/kernel/ids.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { sealAnswer } from '../../src/bankid-sign/order/sealed-order.ts';
import { openAnswer } from '../../src/bankid-sign/received-answer.ts';
import { insertEvidence } from '../../src/evidence/store/evidence.repository.ts';
import { compress, decompress } from '../../src/vault/compressed.ts';
import type { VerifiedSignature } from '../../src/verification/verified-signature.ts';
import type { Report } from '../../src/verification/report.ts';
import { tamper } from '../support/database/tamper.ts';
import { EvidenceSteps, recordOf } from '../support/evidence/evidence-steps.ts';
import type { SignedConsent } from '../support/evidence/sign-consent.ts';
import { unlisted } from '../support/database/database.ts';

describe('the evidence store', () => {
  let steps: EvidenceSteps;
  let database: Database;
  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    database = steps.database.database;
  }, 120_000);
  afterAll(() => steps.stop());

  const append = (signed: SignedConsent) => database.inTransaction((tx) => steps.append(tx, signed));
  const count = async (signed: SignedConsent): Promise<number> => {
    const rows = await steps.database.asOwner('select id from evidence where consent_id = $1', [signed.consentId]);
    return rows.length;
  };

  it('gives back exactly what was signed, to the bank of the consent', async () => {
    const signed = await steps.sign();
    const { evidenceId, evidenceDigest: digest } = await append(signed);
    const evidence = await steps.store.getEvidence(evidenceId, signed.bank);
    expect(evidence).toMatchObject({
      kind: 'accepted',
      consentId: signed.consentId,
      signature: signed.completion.signature,
      ocsp: signed.completion.ocspResponse,
      indication: 'TOTAL-PASSED',
      subIndication: undefined,
      environment: 'sandbox',
      storedAt: steps.clock.now(),
      // The bank is not registered here, and of such a one the financial year is assumed that keeps longest.
      retentionEndsAt: new Date('2034-12-31T23:00:00.000Z'),
    });
    expect(Buffer.from(evidence.visibleText)).toEqual(signed.expectation.visibleData);
    expect(JSON.parse(evidence.consent)).toEqual(signed.consentJson);
    const ocsp = Buffer.from(signed.completion.ocspResponse, 'base64');
    expect(evidenceDigest({ ...evidence, ocsp })).toEqual(digest);
  });

  it('shows another bank nothing', async () => {
    const { evidenceId, consentId } = await steps.accept();
    await expect(steps.store.getEvidence(evidenceId, 'bank-b')).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
    expect(await steps.store.findEvidence(database, consentId, 'bank-b')).toEqual([]);
  });

  it('keeps no personal number, name or signed text in the clear', async () => {
    const signed = await steps.accept();
    const [row] = await steps.database.asOwner('select row_to_json(e)::text as row from evidence e where id = $1', [
      signed.evidenceId,
    ]);
    const clear = `${String(row!['row'])} ${Buffer.from(String(row!['row'])).toString('latin1')}`;
    for (const secret of [signed.completion.personalNumber!, 'Andersson', signed.completion.signature.slice(0, 40)]) {
      expect(clear).not.toContain(secret);
      expect(clear).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('verifies stored evidence again', async () => {
    const { evidenceId, bank } = await steps.accept();
    const report = steps.verification.verify(await steps.store.getEvidence(evidenceId, bank));
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      scope: 'consent',
      matches: 'yes',
      environment: 'unpinned',
    });
  });

  it('appends a signature as accepted only as the verifier made it, not a copy and not that of another order', async () => {
    const signed = await steps.sign();
    const copy = { ...steps.verified(signed) } as VerifiedSignature;
    const key = await steps.keyOf(signed);
    expect(() => steps.store.sealAccepted(key, copy, recordOf(signed))).toThrow(TypeError);
    const other = await steps.sign();
    expect(() => steps.store.sealAccepted(key, steps.verified(other), recordOf(signed))).toThrow(
      /not the one that was verified/,
    );
  });

  it('accepts one evidence for a consent, and one for an order', async () => {
    const first = await steps.sign();
    await append(first);
    await expect(append(first)).rejects.toThrow(/evidence_order_id_key|evidence_accepted_once/);
    const second = { ...(await steps.sign({ consentId: newConsentId() })), orderId: first.orderId };
    await expect(append(second)).rejects.toThrow(/evidence_order_id_key/);
    expect(await count(first)).toBe(1);
  });

  it('keeps refused and surplus signatures beside the accepted one', async () => {
    const accepted = await steps.accept();
    const refusedOrder = await steps.sign({ ocspStatus: 'unknown' });
    const refused = { ...refusedOrder, consentId: accepted.consentId };
    const report = steps.verdict(refusedOrder) as Report;
    expect(report).toMatchObject({ indication: 'INDETERMINATE' });
    for (const [kind, signed] of [
      ['refused', refused],
      ['surplus', { ...refused, orderId: (await steps.sign()).orderId }],
    ] as const) {
      const key = await steps.keyOf(signed);
      const verdict = { report, record: recordOf(signed) };
      const id = await database.inTransaction(async (tx) => {
        await steps.keepAnswer(tx, signed);
        return steps.store.appendUnaccepted(tx, key, kind, verdict);
      });
      const kept = await steps.store.getEvidence(id, accepted.bank);
      expect(kept).toMatchObject({ kind, indication: 'INDETERMINATE', signature: refused.completion.signature });
    }
    const found = await steps.store.findEvidence(database, accepted.consentId, accepted.bank);
    expect(found[0]).toMatchObject({ kind: 'accepted' });
    expect(found.map(({ kind }) => kind).sort()).toEqual(['accepted', 'refused', 'surplus']);
  });

  it('refuses evidence of another environment than the database’s', async () => {
    const signed = await steps.sign();
    const record = { ...recordOf(signed), environment: 'production' as const };
    const evidence = steps.store.sealAccepted(await steps.keyOf(signed), steps.verified(signed), record);
    const foreign = database.inTransaction((tx) => insertEvidence(tx, evidence));
    await expect(foreign).rejects.toThrow(/another environment/);
  });

  describe('a write that fails', () => {
    it('leaves nothing when it failed: accepted', async () => {
      const signed = await steps.sign();
      const failing = database.inTransaction(async (tx) => {
        await steps.append(tx, signed);
        throw new Error('the connection broke before COMMIT');
      });
      await expect(failing).rejects.toThrow('before COMMIT');
      expect(await count(signed)).toBe(0);
      await append(signed);
      expect(await count(signed)).toBe(1);
    });

    it('stands once when it failed but persisted: accepted', async () => {
      const signed = await steps.sign();
      const { evidenceId } = await append(signed);
      // The answer to COMMIT was lost, so the caller tries again.
      await expect(append(signed)).rejects.toThrow(/evidence_order_id_key|evidence_accepted_once/);
      expect(await count(signed)).toBe(1);
      expect((await steps.store.getEvidence(evidenceId, signed.bank)).signature).toBe(signed.completion.signature);
    });

    it.each(['refused', 'surplus'] as const)(
      'leaves nothing when it failed, and stands once when it persisted: %s',
      async (kind) => {
        const signed = await steps.sign({ ocspStatus: 'unknown' });
        const report = steps.verdict(signed) as Report;
        const write = (fail: boolean) =>
          database.inTransaction(async (tx) => {
            const verdict = { report, record: recordOf(signed) };
            await steps.keepAnswer(tx, signed);
            await steps.store.appendUnaccepted(tx, await steps.keyOf(signed), kind, verdict);
            if (fail) throw new Error('broken');
          });
        await expect(write(true)).rejects.toThrow('broken');
        expect(await count(signed)).toBe(0);
        await write(false);
        await expect(write(false)).rejects.toThrow(/evidence_order_id_key/);
        expect(await count(signed)).toBe(1);
      },
    );

    it('refuses to seal evidence with the data key of another consent', async () => {
      const [signed, other] = [await steps.sign(), await steps.sign()];
      const key = await steps.keyOf(other);
      expect(() => steps.store.sealAccepted(key, steps.verified(signed), recordOf(signed))).toThrow(/data key/);
    });
  });

  it('does not open a ciphertext that was moved to another row', async () => {
    const [a, b] = [await steps.accept(), await steps.accept()];
    await steps.database.asOwner('alter table evidence disable trigger evidence_is_append_only');
    await steps.database.asOwner(
      'update evidence set sealed = (select sealed from evidence where id = $1) where id = $2',
      [a.evidenceId, b.evidenceId],
    );
    await steps.database.asOwner('alter table evidence enable always trigger evidence_is_append_only');
    await expect(steps.store.getEvidence(b.evidenceId, b.bank)).rejects.toThrow();
  });

  it('has its signature in the answer as it came, and is opened with no other answer', async () => {
    const [a, b] = [await steps.accept(), await steps.accept()];
    const answerOf = 'select answer_sealed from bankid_answer where order_id = $1';
    const [kept] = await steps.database.asOwner(answerOf, [a.orderId]);
    const [sealed] = await steps.database.asOwner('select sealed from evidence where id = $1', [a.evidenceId]);
    const key = await steps.keyOf(a);
    const answer = openAnswer(key, a.orderId, kept!['answer_sealed'] as Buffer).toString('utf8');
    expect(answer).toContain(a.completion.signature);
    const body = decompress(key.open('evidence', a.evidenceId, sealed!['sealed'] as Buffer)).toString('utf8');
    expect(body).toContain('"visibleText"');
    expect(body).not.toContain(a.completion.signature.slice(0, 100));
    const other = sealAnswer(
      key,
      a.orderId,
      Buffer.from(answer.replace(a.completion.signature, b.completion.signature)),
    );
    const change = 'update bankid_answer set answer_sealed = $1 where order_id = $2';
    await tamper(steps.database, 'bankid_answer', change, [other, a.orderId]);
    await expect(steps.store.getEvidence(a.evidenceId, a.bank)).rejects.toThrow(/does not match its stored digest/);
    await tamper(steps.database, 'bankid_answer', change, [kept!['answer_sealed'], a.orderId]);
    expect((await steps.store.getEvidence(a.evidenceId, a.bank)).signature).toBe(a.completion.signature);
  });

  it('is damaged for reverify when its circumstances were rewritten with its own data key', async () => {
    const { evidenceId, ...signed } = await steps.accept();
    const key = await steps.keyOf(signed);
    const [row] = await steps.database.asOwner('select sealed from evidence where id = $1', [evidenceId]);
    const body = decompress(key.open('evidence', evidenceId, row!['sealed'] as Buffer)).toString('utf8');
    const rewritten = compress(Buffer.from(body.replace('a browser', 'another')));
    const change = 'update evidence set sealed = $1 where id = $2';
    await tamper(steps.database, 'evidence', change, [key.seal('evidence', evidenceId, rewritten), evidenceId]);
    const period = { from: signed.expectation.receivedAt, to: addMs(steps.clock.now(), 1000) };
    const { damaged } = await steps.get(StoredVerdicts).verify(period);
    expect(damaged.filter((one) => one.evidenceId === evidenceId)).toHaveLength(1);
  });

  it('shares its root with all other evidence, and is opened with no other root', async () => {
    const [a, b] = [await steps.accept(), await steps.accept()];
    const kept = await steps.database.asOwner('select sha256, pem from signature_root');
    expect(kept).toHaveLength(1);
    const [{ sha256, pem } = {}] = kept;
    for (const { evidenceId, bank } of [a, b]) {
      expect((await steps.store.getEvidence(evidenceId, bank)).root).toBe(pem);
    }
    const opened = () => steps.store.getEvidence(a.evidenceId, a.bank);
    const alter = (change: string, values: unknown[]) => tamper(steps.database, 'signature_root', change, values);
    const change = "update signature_root set pem = pem || ' '";
    await expect(alter(change, [])).rejects.toThrow(/signature_root_is_named_by_its_hash/);
    await alter(`alter table signature_root drop constraint signature_root_is_named_by_its_hash; ${change}`, []);
    await expect(opened()).rejects.toThrow(/root that is not its own, or that was altered or removed/);
    await alter('delete from signature_root', []);
    await expect(opened()).rejects.toThrow(/root that is not its own, or that was altered or removed/);
    await alter('insert into signature_root (sha256, pem) values ($1, $2)', [sha256, pem]);

    const other = createHash('sha256').update('another root').digest();
    await alter('insert into signature_root (sha256, pem) values ($1, $2)', [other, 'another root']);
    const rename = 'update evidence set root_sha256 = $1 where id = $2';
    await tamper(steps.database, 'evidence', rename, [other, a.evidenceId]);
    await expect(opened()).rejects.toThrow(/root that is not its own/);
    await tamper(steps.database, 'evidence', rename, [sha256, a.evidenceId]);
    await alter('delete from signature_root where sha256 = $1', [other]);
    expect((await opened()).root).toBe(pem);
  });

  it('is kept for no order whose answer is not', async () => {
    const signed = await steps.sign();
    const evidence = steps.store.sealAccepted(await steps.keyOf(signed), steps.verified(signed), recordOf(signed));
    const unanswered = database.inTransaction((tx) => insertEvidence(tx, evidence));
    await expect(unanswered).rejects.toThrow(/evidence_order_id_fkey/);
  });

  it('refuses the service, and even the owner, a change', async () => {
    await steps.accept();
    for (const table of ['evidence', 'evidence_attachment']) {
      for (const sql of [`update ${table} set sealed = ''`, `delete from ${table}`, `truncate ${table} cascade`]) {
        await expect(database.query(unlisted(sql), [])).rejects.toThrow(/permission denied/);
        await expect(steps.database.asOwner(sql)).rejects.toThrow(/append-only/);
      }
    }
    for (const sql of ["update signature_root set pem = ''", 'delete from signature_root', 'truncate signature_root']) {
      await expect(database.query(unlisted(sql), [])).rejects.toThrow(/permission denied/);
      await expect(steps.database.asOwner(sql)).rejects.toThrow(/append-only/);
    }
  });

  it('cannot be read once the data key is gone', async () => {
    const { evidenceId, bank, consentId } = await steps.accept();
    await steps.database.asOwner('delete from data_key where subject = $1', [consentSubject(bank, consentId)]);
    await expect(steps.store.getEvidence(evidenceId, bank)).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
  });
});
