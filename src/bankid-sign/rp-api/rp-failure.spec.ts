import { failureOfAnswer, failureOfError, type RpFailureKind } from './rp-failure.ts';

const error = (code: string, more: object = {}): Error => Object.assign(new Error('x'), { code, ...more });

describe('an error answer of BankID', () => {
  it.each<[number, string, RpFailureKind]>([
    [400, 'alreadyInProgress', 'already-in-progress'],
    [400, 'invalidParameters', 'invalid-parameters'],
    [401, 'unauthorized', 'unauthorized'],
    [403, 'unauthorized', 'unauthorized'],
    [404, 'notFound', 'not-found'],
    [405, 'methodNotAllowed', 'method-not-allowed'],
    [408, 'requestTimeout', 'request-timeout'],
    [415, 'unsupportedMediaType', 'unsupported-media-type'],
    [500, 'internalError', 'internal-error'],
    [503, 'Maintenance', 'maintenance'],
    [503, 'maintenance', 'maintenance'],
    [503, 'MAINTENANCE', 'maintenance'],
    [408, 'somethingNew', 'request-timeout'],
    [418, 'somethingNew', 'unknown-error'],
  ])('%i %s is %s', (status, errorCode, kind) => {
    expect(failureOfAnswer(status, { errorCode, details: 'why' })).toEqual({ kind, status, details: 'why' });
  });

  it('does not carry a personal number into a log', () => {
    expect(failureOfAnswer(400, { errorCode: 'x', details: 'personalNumber 191212121212 is bad' }).details).toBe(
      'personalNumber … is bad',
    );
  });
});

describe('a call without an answer', () => {
  it.each<[string, Error, RpFailureKind]>([
    ['no connection', error('UND_ERR_CONNECT_TIMEOUT'), 'unreachable'],
    ['no listener', error('ECONNREFUSED'), 'unreachable'],
    ['no such host', error('ENOTFOUND'), 'unreachable'],
    ['no headers in time', error('UND_ERR_HEADERS_TIMEOUT'), 'timed-out'],
    ['too slow altogether', Object.assign(new Error('x'), { name: 'TimeoutError' }), 'timed-out'],
    ['a server under another root', error('SELF_SIGNED_CERT_IN_CHAIN'), 'server-untrusted'],
    ['a certificate for another host', error('ERR_TLS_CERT_ALTNAME_INVALID'), 'server-untrusted'],
    ['an alert at our certificate', error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'client-certificate-refused'],
    [
      'closed before the first byte',
      error('UND_ERR_SOCKET', { socket: { bytesRead: 0 } }),
      'client-certificate-refused',
    ],
    ['closed later', error('UND_ERR_SOCKET', { socket: { bytesRead: 812 } }), 'connection-lost'],
    ['reset', error('ECONNRESET'), 'connection-lost'],
  ])('%s', (_, thrown, kind) => {
    expect(failureOfError(thrown).kind).toBe(kind);
  });
});
