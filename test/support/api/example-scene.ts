import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { importJWK, SignJWT, type CryptoKey } from 'jose';
import { ZipFile } from 'yazl';
import { openPki } from '../../../simulator/pki/pki.ts';
import { evidenceFolder } from '../../../src/evidence-files/evidence-folder.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { parseEvidenceId } from '../../../src/kernel/ids.ts';
import type { InitiationJson } from '../../../sandbox/tpp.ts';
import type { BankSteps, Entitled } from '../parties/bank-steps.ts';
import { LoginEvidence } from '../evidence/login-evidence.ts';
import { publishLogs, type PublishedLogs } from '../ledger/published-logs.ts';
import { defaultTime } from '../evidence/sign-consent.ts';
import { sharedPkiDirectory } from '../system/pki-directory.ts';
import { ApprovalScene } from '../approvals/approval-scene.ts';
import type { PretendProvider } from '../approvals/pretend-provider.ts';
import { BackchannelScene } from './backchannel-scene.ts';
import { anna } from '../parties/payment.ts';
import { logInKnownBrowser, returnOf, signInKnownBrowser, type KnownBrowser } from '../browser/known-browser.ts';
import { RawClient, sha256, type RawPushed } from '../parties/raw-client.ts';

/** The verifier whose challenge the examples push. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

/** Whose placeholder it is. */
export interface Request {
  readonly party: RawClient;
  readonly method: string;
  readonly path: string;
  readonly accessToken: string | undefined;
}

interface Signed extends KnownBrowser {
  readonly pushed: RawPushed;
}

/** What the placeholders of the API's examples stand for, made when it is first asked for. */
export class ExampleScene {
  readonly #steps: BankSteps;
  readonly #payment: InitiationJson;
  readonly #backchannel: BackchannelScene;
  readonly #approvals: ApprovalScene | undefined;
  readonly #made = new Map<string, Promise<unknown>>();

  /** @param provider of the bank; without one its orders await no approval */
  constructor(steps: BankSteps, payment: InitiationJson, provider?: PretendProvider) {
    this.#steps = steps;
    this.#payment = payment;
    this.#backchannel = new BackchannelScene(steps);
    this.#approvals = provider && new ApprovalScene(steps.parties.auditor, provider);
  }

  /** The value of a placeholder. */
  async resolve(name: string, { party, method, path, accessToken }: Request): Promise<string | Uint8Array> {
    switch (name) {
      case 'client_assertion':
        return party.assertion();
      case 'request_object':
        return this.#requestObject(party);
      case 'dpop_proof':
        return party.proof(method, path, accessToken);
      case 'code':
        return (await this.#returned(await this.#sign())).searchParams.get('code') ?? '';
      case 'evidence_zip':
        return this.#zip();
      case 'login_id':
        return this.#login();
      case 'export_id':
        return this.#export();
      case 'waiting_export_id':
        return this.#ordered();
      case 'log_id':
        return (await this.#logs()).logId;
      case 'tile_index':
        return (await this.#logs()).tile.replace('0/', '');
      case 'audit_tile_index':
        return (await this.#logs()).auditTile.replace('0/', '');
      default:
        return (
          (await this.#approvals?.find(name)) ??
          (await this.#backchannel.find(name, method, path)) ??
          this.#ofPayment(name)
        );
    }
  }

  /** The token of a consent. */
  async accessToken(): Promise<string> {
    return (await this.#live()).token;
  }

  /** The logs of the bank, with the evidence of a signed payment. */
  async #logs(): Promise<PublishedLogs> {
    await this.#consumed();
    return publishLogs(this.#steps.payer.world, this.#steps.parties.bank.id);
  }

  /** A login of the TPP. */
  async #login(): Promise<string> {
    const { payer, parties } = this.#steps;
    const logins = new LoginEvidence(payer, await openPki(sharedPkiDirectory, defaultTime));
    return (await logins.accept({ facts: { clientId: parties.tpp.id } })).facts.loginId;
  }

  /** An export of the auditor, of which nothing is done yet. */
  async #ordered(): Promise<string> {
    const { auditor } = this.#steps.parties;
    const body = { format: 'list', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', purpose: 'audit' };
    const token = await auditor.machineToken('exports');
    return String((await auditor.call(token, 'POST', '/exports', { body })).body['exportId']);
  }

  /** One that is ready. */
  readonly #export = (): Promise<string> =>
    this.#once('export', async () => {
      const { auditor } = this.#steps.parties;
      const exportId = await this.#ordered();
      const headers = { prefer: 'wait=20' };
      const token = await auditor.machineToken('exports');
      const { body } = await auditor.call(token, 'GET', `/exports/${exportId}`, { headers });
      if (body['state'] !== 'ready') throw new Error(`the export is ${String(body['state'])}`);
      return exportId;
    });

  /** The token of a login. */
  async loginToken(): Promise<string> {
    return this.#once('loginToken', async () => {
      const { rp } = this.#steps.parties;
      const code = (await returnOf(rp.issuer, await this.#loggedIn(), 'login/')).searchParams.get('code') ?? '';
      return String((await rp.postAs('/token', rp.redemption(code, { codeVerifier: VERIFIER }))).body['access_token']);
    });
  }

  async #ofPayment(name: string): Promise<string> {
    switch (name) {
      case 'request_uri':
        return (await this.#pushed()).requestUri;
      case 'pushed_consent_id':
        return (await this.#pushed()).consentId;
      case 'interaction':
        return (await this.#signed()).interaction;
      case 'login_interaction':
        return (await this.#loggedIn()).interaction;
      case 'login_browser_cookie':
        return (await this.#loggedIn()).cookie.slice('sigill='.length);
      case 'browser_cookie':
        return (await this.#signed()).cookie.slice('sigill='.length);
      case 'access_token':
        return this.accessToken();
      case 'access_token_sha256':
        return sha256(await this.accessToken());
      case 'consent_id':
        return (await this.#live()).consentId;
      case 'personal_number':
        return anna;
      case 'consumed_consent_id':
        return (await this.#consumed()).consentId;
      default:
        return this.#ofEvidence(name);
    }
  }

  async #ofEvidence(name: string): Promise<string> {
    const evidenceId = await this.#evidenceId();
    if (name === 'evidence_id') return evidenceId;
    const { body } = await this.#steps.read(`/evidence/${evidenceId}`, 'audit');
    if (name === 'bankid_signature') return String(body['signature']);
    if (name === 'bankid_ocsp_response') return String(body['ocspResponse']);
    throw new Error(`{{${name}}} stands for nothing known`);
  }

  #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(name) as Promise<T> | undefined) ?? make();
    this.#made.set(name, made);
    return made;
  }

  readonly #pushed = (): Promise<RawPushed> => this.#once('pushed', () => this.#push());
  readonly #signed = (): Promise<Signed> => this.#once('signed', () => this.#sign());
  readonly #live = (): Promise<Entitled> => this.#once('live', () => this.#entitled());

  readonly #loggedIn = (): Promise<KnownBrowser> =>
    this.#once('loggedIn', async () => {
      const { rp } = this.#steps.parties;
      const code = { ...rp.pushFields(this.#payment, VERIFIER), authorization_details: undefined, resource: undefined };
      const scope = 'openid https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber';
      const { body } = await rp.postAs('/par', { ...code, scope });
      const authorizationUrl = new URL('/authorize', rp.issuer);
      authorizationUrl.search = new URLSearchParams({
        client_id: rp.id,
        request_uri: String(body['request_uri']),
      }).toString();
      return logInKnownBrowser(this.#steps.payer, { authorizationUrl }, { personalNumber: anna });
    });

  readonly #consumed = (): Promise<Entitled> =>
    this.#once('consumed', async () => {
      const entitled = await this.#entitled();
      const { status } = await this.#steps.consume(entitled, this.#steps.consumption(entitled, randomUUID()));
      if (status !== 200) throw new Error(`the consent was not consumed: ${status}`);
      return entitled;
    });

  readonly #evidenceId = (): Promise<string> =>
    this.#once('evidence', async () => {
      const { consentId } = await this.#consumed();
      const { body } = await this.#steps.read(`/consents/${consentId}/evidence`, 'audit');
      const [first] = body['evidence'] as readonly { readonly evidenceId: string }[];
      return first?.evidenceId ?? '';
    });

  #push(): Promise<RawPushed> {
    const changes = { login_hint: `personnummer:${anna}`, code_challenge: sha256(VERIFIER) };
    return this.#steps.parties.tpp.push(this.#payment, changes);
  }

  /** From push to signature, in a browser whose cookie is known. */
  async #sign(): Promise<Signed> {
    const pushed = await this.#push();
    return { pushed, ...(await signInKnownBrowser(this.#steps.payer, pushed, { personalNumber: anna })) };
  }

  #returned(signed: Signed): Promise<URL> {
    return returnOf(this.#steps.parties.tpp.issuer, signed);
  }

  async #entitled(): Promise<Entitled> {
    const signed = await this.#sign();
    const token = await this.#steps.parties.tpp.redeem(await this.#returned(signed), { codeVerifier: VERIFIER });
    return { consentId: signed.pushed.consentId, token };
  }

  async #requestObject(party: RawClient): Promise<string> {
    const { id, issuer, now } = party;
    const { privateJwk } = this.#steps.payer.world.system.clients.signingTpp;
    const claims = { iss: id, client_id: id, aud: issuer, iat: now, nbf: now, exp: now + 300 };
    const key = (await importJWK(privateJwk, 'ES256')) as CryptoKey;
    return new SignJWT({ ...party.pushFields(this.#payment), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: privateJwk.kid ?? '' })
      .sign(key);
  }

  async #zip(): Promise<Uint8Array> {
    const { app, clients } = this.#steps.payer.world.system;
    const evidence = await app
      .get(EvidenceStore)
      .getEvidence(parseEvidenceId(await this.#evidenceId()), clients.bank.id);
    const zip = new ZipFile();
    for (const [name, bytes] of evidenceFolder(evidence)) zip.addBuffer(bytes, name);
    zip.end();
    return buffer(zip.outputStream);
  }
}
