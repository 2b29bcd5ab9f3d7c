import { importJWK, type CryptoKey } from 'jose';
import * as oauth from 'openid-client';
import type { SandboxClient } from './clients.ts';
import { OAuthParty } from './oauth-client.ts';

/** What a client asks of a login. */
export interface LoginOptions {
  readonly scope?: string;
  /** Parameters of OpenID Connect, e.g. `claims`, `login_hint`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What the client keeps between the push and the person's return. */
export interface PushedLogin {
  readonly authorizationUrl: URL;
  readonly codeVerifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** Who has logged in, as openid-client has verified it. */
export interface LoggedIn {
  readonly accessToken: string;
  readonly idToken: oauth.IDToken;
}

const SCOPE = 'openid https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber';

/** A client that lets persons log in, written with openid-client: a library that knows nothing of us. */
export class SandboxRp {
  readonly party: OAuthParty;

  private constructor(party: OAuthParty) {
    this.party = party;
  }

  static async connect(issuer: string, client: SandboxClient, reach?: oauth.CustomFetch): Promise<SandboxRp> {
    const party = await OAuthParty.connect(issuer, client, reach);
    const { decryptionJwk } = client;
    if (decryptionJwk) {
      const key = (await importJWK(decryptionJwk, decryptionJwk.alg ?? 'ECDH-ES')) as CryptoKey;
      oauth.enableDecryptingResponses(party.config, ['A256GCM'], { key, ...named(decryptionJwk) });
    }
    return new SandboxRp(party);
  }

  /** Pushes a login (RFC 9126, OpenID Connect Core §3.1.2.1) and returns where to send the person. */
  async push({ scope = SCOPE, parameters = {} }: LoginOptions = {}): Promise<PushedLogin> {
    const codeVerifier = oauth.randomPKCECodeVerifier();
    const [state, nonce] = [oauth.randomState(), oauth.randomNonce()];
    const request = {
      redirect_uri: this.party.client.redirectUri ?? '',
      response_type: 'code',
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      scope,
      state,
      nonce,
      ...parameters,
    };
    const { config, dpop } = this.party;
    const authorizationUrl = await oauth.buildAuthorizationUrlWithPAR(config, request, { DPoP: dpop });
    return { authorizationUrl, codeVerifier, state, nonce };
  }

  /** Redeems the code in the URL that the person's browser came back with, and verifies the id_token. */
  async redeem(returned: URL, { codeVerifier, state, nonce }: PushedLogin): Promise<LoggedIn> {
    const { config, dpop } = this.party;
    const expected = {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      maxAge: 300,
    };
    const answer = await oauth.authorizationCodeGrant(config, returned, expected, undefined, { DPoP: dpop });
    const idToken = answer.claims();
    if (!idToken) throw new Error('a login gave no id_token');
    return { accessToken: answer.access_token, idToken };
  }

  /** What /userinfo says, of the person of the id_token and no other (OpenID Connect Core §5.3.2). */
  userinfo({ accessToken, idToken }: LoggedIn): Promise<oauth.UserInfoResponse> {
    const { config, dpop } = this.party;
    return oauth.fetchUserInfo(config, accessToken, idToken.sub, { DPoP: dpop });
  }
}

function named({ kid }: { readonly kid?: string | undefined }): { readonly kid?: string } {
  return kid === undefined ? {} : { kid };
}
