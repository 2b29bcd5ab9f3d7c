import { parseSetCookie } from 'cookie';

/** Request headers and form fields, response members and parameters of addresses whose values are secret. */
const secretHeaders = ['authorization', 'dpop', 'cookie'];
const secretFields = [
  'client_assertion',
  'code',
  'code_verifier',
  'token',
  'request_uri',
  'login_hint',
  'nonce',
  'auth_req_id',
  'request',
];
const secretMembers = [
  'access_token',
  'auth_req_id',
  'id_token',
  'request_uri',
  'signature',
  'ocspResponse',
  'evidence_digest',
];

/** Everything secret that went over the wire in this process, heard where `fetch` is called. */
export class Overheard {
  readonly #secrets = new Set<string>();
  readonly #fetch = globalThis.fetch;

  private constructor() {
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      await this.#hearRequest(request.clone());
      const response = await this.#fetch(input, init);
      await this.#hearResponse(response);
      return response;
    };
  }

  static listen(): Overheard {
    return new Overheard();
  }

  stop(): void {
    globalThis.fetch = this.#fetch;
  }

  add(...secrets: readonly string[]): void {
    for (const secret of secrets) if (secret.length >= 12) this.#secrets.add(secret);
  }

  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  async #hearRequest(request: Request): Promise<void> {
    for (const name of secretHeaders) {
      const value = request.headers.get(name) ?? '';
      this.add(value, ...value.split(/[ ;=]+/));
    }
    this.#hearParameters(new URL(request.url).searchParams);
    const isForm = (request.headers.get('content-type') ?? '').includes('form-urlencoded');
    if (isForm) this.#hearParameters(new URLSearchParams(await request.text()));
  }

  async #hearResponse(response: Response): Promise<void> {
    for (const line of response.headers.getSetCookie()) this.add(parseSetCookie(line).value ?? '');
    const location = response.headers.get('location');
    if (location !== null) {
      const url = new URL(location, response.url);
      this.#hearParameters(url.searchParams);
      this.add(...(/^\/pay\/([\w-]{22})/.exec(url.pathname)?.slice(1) ?? []));
    }
    if (!(response.headers.get('content-type') ?? '').includes('json')) return;
    // Cloned only to be read: an unread clone delays the cancelling of the original.
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    for (const [name, value] of Object.entries(body ?? {})) {
      if (secretMembers.includes(name) && typeof value === 'string') this.add(value);
    }
  }

  #hearParameters(parameters: URLSearchParams): void {
    for (const name of secretFields) this.add(...parameters.getAll(name));
  }
}
