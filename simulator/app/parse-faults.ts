import { AppError } from '../orders/app-error.ts';
import { endpoints, type Endpoint, type Faults, type OrderFault, type RequestFault } from '../orders/faults.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const errorCodes: Readonly<Record<number, string>> = {
  400: 'invalidParameters',
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'notFound',
  405: 'methodNotAllowed',
  408: 'requestTimeout',
  415: 'unsupportedMediaType',
  500: 'internalError',
  503: 'Maintenance',
};

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isOneOf =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    words.includes(value);

const orderFaultMembers: Readonly<Record<keyof OrderFault, (value: unknown) => boolean>> = {
  revocation: isOneOf('revoked', 'unknown', 'absent'),
  nonce: isOneOf('another', 'absent', 'random'),
  visibleText: isText,
  nonVisibleData: isTextOrNull,
  risk: isTextOrNull,
  function: isOneOf('Identification', 'Signing'),
  relyingPartyName: isText,
  personalNumber: isText,
  reportedPersonalNumber: isText,
  deviceIp: isText,
  bankIdIssueDate: isTextOrNull,
  mrtd: isOneOf(true, false, null),
  pendingHint: isText,
  failedHint: isText,
  answerAfterMs: (value) => Number.isSafeInteger(value),
  declinesCall: isOneOf(true),
  inMaintenance: isOneOf(true),
  ocspOffsetMs: (value) => Number.isSafeInteger(value),
  brokenSignature: isOneOf(true),
};

/**
 * Plans what `POST /api/faults` asks for.
 * @throws AppError `fault-malformed`, naming the member
 */
export function planFault(body: JsonObject, faults: Faults): void {
  const { next, times: given, ...rest } = body;
  const times = given === undefined ? 1 : positive(given, 'times');
  switch (next) {
    case 'connection':
      faults.planConnectionHang(times);
      return;
    case 'request': {
      const { endpoint, ...fault } = rest;
      faults.planRequest(parseRequestFault(fault), parseEndpoint(endpoint), times);
      return;
    }
    case 'order':
      faults.planOrder(parseOrderFault(rest), times);
      return;
    default:
      throw malformed('next');
  }
}

/** @throws AppError `fault-malformed` */
export function parseOrderFault(body: JsonObject): OrderFault {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(orderFaultMembers, name)) throw malformed(name);
    if (!orderFaultMembers[name as keyof OrderFault](value)) throw malformed(name);
  }
  return body;
}

function parseRequestFault(body: JsonObject): RequestFault {
  const { kind } = body;
  switch (kind) {
    case 'latency':
      return { kind, ms: positive(body['ms'], 'ms') };
    case 'hang':
    case 'drop':
    case 'lost-answer':
      return { kind };
    case 'error': {
      const status = positive(body['status'], 'status');
      const errorCode = body['errorCode'] ?? errorCodes[status] ?? 'internalError';
      if (typeof errorCode !== 'string') throw malformed('errorCode');
      return { kind, status, errorCode };
    }
    case 'not-json':
      return { kind, status: body['status'] === undefined ? 502 : positive(body['status'], 'status') };
    default:
      throw malformed('kind');
  }
}

function parseEndpoint(value: unknown): Endpoint | undefined {
  if (value === undefined) return undefined;
  const endpoint = endpoints.find((name) => name === value);
  if (!endpoint) throw malformed('endpoint');
  return endpoint;
}

function positive(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw malformed(name);
  return value;
}

const malformed = (name: string): AppError =>
  new AppError(400, 'fault-malformed', `The member ${name} is not as documented.`);
