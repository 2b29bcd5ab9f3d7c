export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON says it, or empty. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Uint8Array<ArrayBuffer>;
}

/** How a request is sent: by `fetch`, unless a test has another way. */
export type Send = (url: string, options: RequestInit) => Promise<Response>;

/** Sends one request and reads its answer to the end; a redirection is not followed. */
export async function exchange(url: string | URL, request: RawRequest = {}, send: Send = fetch): Promise<RawAnswer> {
  const response = await send(String(url), { ...request, redirect: 'manual' });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body, text };
}
