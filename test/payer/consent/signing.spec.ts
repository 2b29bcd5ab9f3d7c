import { X509Certificate } from 'node:crypto';
import type { OrderFault } from '../../../simulator/client.ts';
import { evidenceFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { buildDigest } from '../../../src/evidence/build-digest.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { newBrowserCookie } from '../../../src/attempts/browser-cookie.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { SOFTWARE_VERSION } from '../../../src/kernel/version.ts';
import { Database } from '../../../src/database/database.ts';
import {
  anna,
  bank,
  bo,
  callerOf,
  codeOf,
  ConsentSteps,
  otherBank,
  shop,
  signingRequest,
} from '../../support/parties/consent-steps.ts';

const cecilia = '197802022397' as PersonalNumber;

let steps: ConsentSteps;

beforeAll(async () => {
  steps = await ConsentSteps.start();
});

afterAll(() => steps.stop());

describe('the browser of a payment', () => {
  it('is the first that posts; another can do nothing from then on', async () => {
    const { interactionId } = await steps.push();
    expect((await steps.interactions.getInteraction(interactionId)).state).toBe('awaiting-authorisation');
    const { cookie } = await steps.interactions.bindBrowser(interactionId, undefined);
    const other = (await steps.pushBound()).cookie;
    expect(await codeOf(steps.interactions.bindBrowser(interactionId, other))).toBe('browser.not-bound');
    expect(await codeOf(steps.interactions.bindBrowser(interactionId, undefined))).toBe('browser.not-bound');
    expect(await codeOf(steps.consents.checkBrowser(interactionId, undefined))).toBe('browser.not-bound');
    expect(await codeOf(steps.interactions.getInteraction(interactionId))).toBe('browser.not-bound');
    expect((await steps.interactions.bindBrowser(interactionId, cookie)).cookie).toBe(cookie);
  });

  it('may have two payments open', async () => {
    const first = await steps.pushBound();
    const { interactionId } = await steps.push();
    await steps.interactions.bindBrowser(interactionId, first.cookie);
    expect((await steps.reload(first)).consent.consentId).toBe(first.consent.consentId);
  });

  it('is one alone of fifty that try at the same moment', async () => {
    const { interactionId } = await steps.push();
    const tries = await Promise.all(
      Array.from({ length: 50 }, () => codeOf(steps.interactions.bindBrowser(interactionId, undefined))),
    );
    expect(tries.filter((code) => code === 'no error')).toHaveLength(1);
  });

  it('is bound once, with one data key and never two open orders, when the first press comes fifty times at the same moment', async () => {
    const pushed = await steps.push();
    const pressing = { consent: pushed, cookie: newBrowserCookie() };
    const presses = await Promise.all(Array.from({ length: 50 }, () => codeOf(steps.start(pressing))));
    expect(presses).toContain('no error');
    const overtaken = ['order.already-open', 'consent.attempts-exhausted'];
    expect(presses.filter((code) => code !== 'no error' && !overtaken.includes(code))).toEqual([]);
    const [kept] = await steps.database.asOwner(
      `select (select count(*)::int from sign_order where order_group = $1 and state in ('requested', 'pending')) as open,
              (select count(*)::int from data_key where subject = $2) as keys`,
      [pushed.consentId, `consent:${bank.id}:${pushed.consentId}`],
    );
    expect(kept).toEqual({ open: 1, keys: 1 });
    const bound = await steps.consents.checkBrowser(pushed.interactionId, pressing.cookie);
    const types = await steps.eventTypes(bound);
    expect(types.slice(0, 3)).toEqual(['consent.pushed', 'browser.bound', 'order.requested']);
    expect(types.filter((type) => type === 'browser.bound')).toHaveLength(1);
  });

  it('is bound also by a press that a limit of the person refuses', async () => {
    const pushed = await steps.push({ payer: cecilia });
    await steps.database.asOwner(
      `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at, outcome, ended_at)
       select gen_random_uuid(), c.id, c.client_id, c.bound_payer_hash, sha256(''), $2, 'withdrawn', $2
         from consent c, generate_series(1, 20) where c.id = $1`,
      [(await steps.push({ payer: cecilia })).consentId, steps.clock.now()],
    );
    const pressing = { consent: pushed, cookie: newBrowserCookie() };
    expect(await codeOf(steps.start(pressing))).toBe('consent.too-many-orders');
    const bound = await steps.consents.checkBrowser(pushed.interactionId, pressing.cookie);
    expect(await steps.eventTypes(bound)).toEqual(['consent.pushed', 'browser.bound']);
    expect(await codeOf(steps.start({ ...pressing, cookie: newBrowserCookie() }))).toBe('browser.not-bound');
  });
});

describe('a signature of exactly this payment', () => {
  it('authorises the consent, with evidence, and entitles its browser alone to a grant', async () => {
    const bound = await steps.pushBound();
    const id = await steps.scan(bound);
    const seen = await steps.app.getOrder(id);
    expect(seen.text).toContain('Belopp:\n  1 250,00 SEK\nBetalas till:\n  Elbolaget AB');
    expect(await steps.findGrant(bound)).toBeUndefined();
    await steps.app.sign(id, { personalNumber: anna, name: 'Anna Andersson' });
    await steps.until(bound, ({ consent }) => consent.state === 'authorised');

    const grant = await steps.findGrant(bound);
    expect(grant).toMatchObject({ consentId: bound.consent.consentId, clientId: 'shop', bank: 'bank' });
    const stranger = (await steps.pushBound()).cookie;
    expect(await steps.findGrant({ ...bound, cookie: stranger })).toBeUndefined();
    const again = await steps.findGrant(bound);
    expect(again?.expiresAt).toEqual(grant?.expiresAt);

    const store = steps.get(EvidenceStore);
    const kept = await store.findEvidence(steps.get(Database), bound.consent.consentId, 'bank');
    expect(kept).toMatchObject([{ kind: 'accepted', indication: 'TOTAL-PASSED', evidenceId: grant?.evidenceId }]);
    const evidence = await store.getEvidence(grant!.evidenceId, 'bank');
    const folder = evidenceFolder(evidence);
    const written = folder.get('circumstances.json')!.toString('utf8');
    const told = JSON.parse(written) as { order: { timeline: { at: string; event: string }[] } };
    const events = told.order.timeline.map(({ event }) => event);
    expect([events.at(0), events.at(1), events.at(-1)]).toEqual(['requested', 'placed', 'complete']);
    expect(told).toMatchObject({
      order: {
        device: 'other',
        launchLinkMadeAt: null,
        signParameters: {
          endUserIp: '192.0.2.7',
          returnRisk: true,
          web: { referringDomain: 'localhost', deviceIdentifier: 'device-identifier-of-the-test' },
        },
      },
      completion: {
        device: { ipAddress: expect.any(String) as string, uhi: expect.any(String) as string },
        bankIdIssueDate: expect.any(String) as string,
        risk: expect.any(String) as string,
      },
      browser: { ip: '192.0.2.7', userAgent: signingRequest.userAgent },
      consent: { attempts: 1, failedAttempts: 0, language: 'sv', template: 'sv-2' },
      service: {
        softwareVersion: SOFTWARE_VERSION,
        verificationPolicy: 'bankid',
        relayRule: { maxRisk: 'moderate', requireDeviceBinding: true },
        clockOffsetMs: expect.any(Number) as number,
        buildDigest: buildDigest(),
        rootFingerprint: new X509Certificate(evidence.root).fingerprint256.replaceAll(':', '').toLowerCase(),
        healthAt: { status: 'ok', bankidOffsetMs: expect.any(Number) as number, degraded: [], down: [] },
      },
      evidenceId: evidence.evidenceId,
    });
    expect(JSON.parse(String(folder.get('evidence-digest.json')))).toEqual({
      evidenceDigest: grant?.evidenceDigest.toString('base64url'),
      evidenceDigestRandom: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(evidence.circumstances).not.toContain(evidence.signature.slice(0, 100));
    expect(await steps.eventTypes(bound)).toEqual([
      'consent.pushed',
      'browser.bound',
      'order.requested',
      'consent.authorised',
      'code.issued',
      'code.issued',
    ]);
  });

  it('is asked for in English where the payer reads English', async () => {
    const bound = await steps.pushBound();
    await steps.start(bound, { language: 'en' });
    const frame = await steps.signing.findQrFrame(bound);
    expect((await steps.app.scan(frame!)).text).toContain('Pay to:\n  Elbolaget AB');
  });

  it.each<[string, OrderFault, string]>([
    ['of another person than the one named', { personalNumber: bo }, 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE'],
    ['of another text', { visibleText: 'Belopp:\n  1,00 SEK' }, 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE'],
    ['of other data', { nonVisibleData: 'e30=' }, 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE'],
    [
      'made for another service',
      { relyingPartyName: 'cn=Another,o=Bank,c=SE' },
      'INDETERMINATE/SIG_CONSTRAINTS_FAILURE',
    ],
    ['that is an identification', { function: 'Identification' }, 'INDETERMINATE/SIG_CONSTRAINTS_FAILURE'],
    ['with one wrong bit', { brokenSignature: true }, 'TOTAL-FAILED/SIG_CRYPTO_FAILURE'],
    ['whose OCSP answer belongs to another', { nonce: 'another' }, 'INDETERMINATE/TRY_LATER'],
    ['whose certificate its issuer does not vouch for', { revocation: 'unknown' }, 'INDETERMINATE/TRY_LATER'],
    ['without an OCSP answer', { revocation: 'absent' }, 'INDETERMINATE/TRY_LATER'],
  ])('is none %s: the consent is rejected, the signature kept, and no token given', async (_what, fault, verdict) => {
    const bound = await steps.pushBound({ payer: anna });
    const id = await steps.scan(bound);
    await steps.app.setOrderFault(id, fault);
    await steps.app.sign(id);
    const consent = await steps.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'rejected', reason: 'signature' });
    const [kept] = await steps.get(EvidenceStore).findEvidence(steps.get(Database), consent.consentId, 'bank');
    expect(kept).toMatchObject({ kind: 'refused' });
    expect(`${kept!.indication}/${kept!.subIndication ?? ''}`).toBe(verdict);
    expect(await steps.findGrant(bound)).toBeUndefined();
  });

  it('is kept but authorises nothing when the risk is high, and is counted', async () => {
    const bound = await steps.pushBound();
    const consent = await steps.sign(bound, { risk: 'high' }, 'rejected');
    expect(consent.reason).toBe('risk');
    const kept = await steps.get(EvidenceStore).findEvidence(steps.get(Database), consent.consentId, 'bank');
    expect(kept).toMatchObject([{ kind: 'refused', indication: 'TOTAL-PASSED' }]);
    expect(await steps.metrics.readCounter('sigill_verification_refusals_total', { check: 'risk' })).toBe(1);
    expect(await steps.findGrant(bound)).toBeUndefined();
  });

  it('is kept with both words of the verdict when its certificate is revoked', async () => {
    const counter = () => steps.metrics.readCounter('sigill_verification_refusals_total', { check: 'status' });
    const before = await counter();
    const revoked = '198507099805';
    await steps.app.revoke(revoked);
    const bound = await steps.pushBound();
    const consent = await steps.sign(bound, { personalNumber: revoked }, 'rejected');
    expect(consent.reason).toBe('signature');
    const [kept] = await steps.get(EvidenceStore).findEvidence(steps.get(Database), consent.consentId, 'bank');
    expect(kept).toMatchObject({ kind: 'refused', subIndication: expect.stringMatching(/^REVOKED/) });
    expect(await counter()).toBe(before + 1);
  });

  it('authorises nothing when the payer declines at the same moment', async () => {
    const bound = await steps.pushBound();
    const id = await steps.scan(bound);
    await Promise.all([steps.interactions.decline(bound), steps.app.sign(id).catch(() => undefined)]);
    const consent = await steps.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'rejected', reason: 'declined' });
    expect(await codeOf(steps.interactions.decline(bound))).toBe('consent.not-awaiting-authorisation');
    expect(await codeOf(steps.start(bound))).toBe('consent.not-awaiting-authorisation');
  });
});

describe('a consent that is read', () => {
  it('is there for its TPP and its bank only, and each reading is an event', async () => {
    const bound = await steps.pushBound();
    const { consentId } = bound.consent;
    const read = await steps.consents.getRepresentation(consentId, callerOf(shop));
    expect(read).toMatchObject({
      state: 'awaiting-authorisation',
      berlinGroup: { transactionStatus: 'RCVD', scaStatus: 'received' },
      obie: { status: 'AWAU' },
    });
    await steps.consents.getRepresentation(consentId, callerOf(bank));
    for (const caller of [
      callerOf(otherBank),
      callerOf({ ...shop, id: 'another-shop' as never }),
      { ...callerOf(shop), role: 'auditor' as const, bank: bank.id },
      { ...callerOf(shop), consentId: (await steps.push()).consentId },
    ]) {
      expect(await codeOf(steps.consents.getRepresentation(consentId, caller))).toBe('consent.not-found');
    }
    expect(await steps.eventTypes(bound)).toEqual(['consent.pushed', 'browser.bound', 'consent.read', 'consent.read']);
  });

  it('tells a TPP nothing of which factor failed', async () => {
    const bound = await steps.pushBound();
    await steps.sign(bound, { risk: 'high' }, 'rejected');
    const read = await steps.consents.getRepresentation(bound.consent.consentId, callerOf(shop));
    expect(read).toMatchObject({ state: 'rejected', reason: 'not-completed' });
    expect(JSON.stringify(read)).not.toMatch(/risk|signature/);
  });
});
