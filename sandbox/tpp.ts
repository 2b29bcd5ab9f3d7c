import * as oauth from 'openid-client';
import type { SandboxClient } from './clients.ts';
import { OAuthParty } from './oauth-client.ts';

/** One payment as the TPP pushes it, of type `payment_initiation`. */
export type InitiationJson = Readonly<Record<string, unknown>>;

export interface PushOptions {
  /** The bank, by its resource indicator (RFC 8707). */
  readonly resource: string;
  /** Binds the payer; without it anyone may sign. */
  readonly personalNumber?: string;
  readonly state?: string;
}

/** What the TPP keeps between the push and the payer's return. */
export interface PushedConsent {
  readonly authorizationUrl: URL;
  readonly codeVerifier: string;
  readonly state: string;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly consentId: string;
  readonly raw: oauth.TokenEndpointResponse;
}

/** A third-party provider, written with openid-client: a library that knows nothing of us. */
export class SandboxTpp {
  readonly party: OAuthParty;

  private constructor(party: OAuthParty) {
    this.party = party;
  }

  static async connect(issuer: string, client: SandboxClient, reach?: oauth.CustomFetch): Promise<SandboxTpp> {
    return new SandboxTpp(await OAuthParty.connect(issuer, client, reach));
  }

  /** Pushes a consent (RFC 9126, RFC 9396) and returns where to send the payer. */
  async push(initiation: InitiationJson, options: PushOptions): Promise<PushedConsent> {
    const codeVerifier = oauth.randomPKCECodeVerifier();
    const state = options.state ?? oauth.randomState();
    const parameters = {
      redirect_uri: this.party.client.redirectUri ?? '',
      response_type: 'code',
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      resource: options.resource,
      authorization_details: JSON.stringify([initiation]),
      ...(options.personalNumber === undefined ? {} : { login_hint: `personnummer:${options.personalNumber}` }),
    };
    const authorizationUrl = await oauth.buildAuthorizationUrlWithPAR(this.party.config, parameters, {
      DPoP: this.party.dpop,
    });
    return { authorizationUrl, codeVerifier, state };
  }

  /** Redeems the code in the URL that the payer's browser came back with. */
  async redeem(returned: URL, pushed: PushedConsent): Promise<IssuedToken> {
    const raw = await oauth.authorizationCodeGrant(
      this.party.config,
      returned,
      { pkceCodeVerifier: pushed.codeVerifier, expectedState: pushed.state },
      undefined,
      { DPoP: this.party.dpop },
    );
    const [details] = (raw as { authorization_details?: { consent_id?: string }[] }).authorization_details ?? [];
    return { accessToken: raw.access_token, consentId: details?.consent_id ?? '', raw };
  }
}
