/**
 * Messages as data: an id from a closed set, and its parameters. A table of texts per language has every id or does
 * not compile. Parameters are names, numbers and identifiers, never words of one language; `fault` is what a reader of
 * DER, XML or JSON calls a broken construct ("DER: trailing bytes"): technical, and the same in every language.
 */
export type Message<M> = {
  readonly [Id in keyof M]: M[Id] extends undefined
    ? { readonly message: Id; readonly parameters?: undefined }
    : { readonly message: Id; readonly parameters: M[Id] };
}[keyof M];

/** The texts of `M` in one language. */
export type Texts<M> = {
  readonly [Id in keyof M]: M[Id] extends undefined ? string : (parameters: M[Id]) => string;
};

/** Ids of messages without parameters; such an id is a whole message. */
export type PlainId<M> = { readonly [Id in keyof M]: M[Id] extends undefined ? Id : never }[keyof M];

/** A message in full, given either as such or by its id alone. */
export function messageOf<M>(reason: PlainId<M> | Message<M>): Message<M> {
  return typeof reason === 'object' ? reason : ({ message: reason } as unknown as Message<M>);
}

/** The sentence that `texts` has for a message. */
export function render<M>(texts: Texts<M>, { message, parameters }: Message<M>): string {
  const text = texts[message] as string | ((parameters: unknown) => string);
  return typeof text === 'string' ? text : text(parameters);
}

interface File {
  readonly file: string;
}

interface Fault {
  readonly fault: string;
}

/** The smallest or largest permitted RSA modulus. */
interface Bits {
  readonly bits: number;
}

/** `position` 0 is the signing certificate, 1 and 2 are the CA certificates above it. */
interface InChain {
  readonly position: number;
}

/** The messages of the checks, with their parameters. */
export interface CheckMessages {
  'input.missing': undefined;

  'structure.sound': undefined;
  'structure.malformed': Fault;
  'structure.size': undefined;
  'structure.base64': undefined;
  'structure.base64-spaced': undefined;

  'digests.equal': undefined;
  'digests.differ': { readonly reference: string };
  'digests.malformed': Fault;

  'signature-value.sound': undefined;
  'signature-value.no-certificate': undefined;
  'signature-value.certificate-malformed': Fault;
  'signature-value.ca': undefined;
  'signature-value.no-key': undefined;
  'signature-value.large-key': Bits;
  'signature-value.wrong': undefined;

  'path.sound': undefined;
  'path.certificate-malformed': Fault;
  'path.no-root': undefined;
  'path.certificate-fault': InChain & Fault;
  'path.issuer-name': InChain;
  'path.issuer-not-ca': InChain;
  'path.issuer-may-not-sign': InChain;
  'path.too-long': InChain;
  'path.signature': InChain;
  'path.large-key': InChain & Bits;
  'path.not-three': undefined;
  'path.order': undefined;
  'path.test-policy': undefined;
  'path.no-policy': undefined;
  'path.personal-number': undefined;
  'path.common-name': undefined;
  'path.country': undefined;
  'path.control-character': undefined;
  'path.extended-key-usage': undefined;
  'path.key-usage': undefined;

  'algorithms.sound': undefined;
  'algorithms.sha1-signature': undefined;
  'algorithms.sha1-certificate': undefined;
  'algorithms.short-key': Bits;
  'algorithms.small-exponent': undefined;
  'algorithms.ocsp-short-key': undefined;
  'algorithms.ocsp-small-exponent': undefined;
  'algorithms.ocsp-sha1': undefined;
  'algorithms.ocsp-sha1-vouched': undefined;

  'ocsp.sound': undefined;
  'ocsp.none': undefined;
  'ocsp.none-and-expired': undefined;
  'ocsp.malformed': Fault;
  'ocsp.error-status': { readonly status: number };
  'ocsp.not-one-answer': undefined;
  'ocsp.critical-extension': undefined;
  'ocsp.no-responder': undefined;
  'ocsp.responder-fault': Fault;
  'ocsp.responder-of-another-ca': undefined;
  'ocsp.responder-without-right': undefined;
  'ocsp.responder-key-usage': undefined;
  'ocsp.responder-is-ca': undefined;
  'ocsp.responder-without-nocheck': undefined;
  'ocsp.responder-not-signed': undefined;
  'ocsp.signature': undefined;
  'ocsp.large-key': Bits;

  'certid.same': undefined;
  'certid.hash': undefined;
  'certid.issuer-name': undefined;
  'certid.issuer-key': undefined;
  'certid.serial': undefined;

  'status.good': undefined;
  'status.unknown': undefined;
  'status.revoked-before': undefined;
  'status.revoked': undefined;

  'nonce.same': undefined;
  'nonce.none': undefined;
  'nonce.other': undefined;

  'times.sound': undefined;
  'times.responder-expired-since': undefined;
  'times.not-yet-valid': undefined;
  'times.expired-before-order': undefined;
  'times.expired': undefined;
  'times.ca': undefined;
  'times.responder': undefined;
  'times.produced-at': undefined;
  'times.next-update': undefined;
  'times.future': undefined;
  'times.responder-expired-after-proof': undefined;
  'times.vouched-before': undefined;
  'times.proven-before': undefined;
  'times.responder-expired': undefined;

  'order-start.sound': undefined;
  'order-start.none': undefined;
  'order-start.older': undefined;

  'receipt.sound': undefined;
  'receipt.none': undefined;
  'receipt.not-signed': undefined;
  'receipt.younger': undefined;

  'content.same': undefined;
  'content.same-login': undefined;
  'content.none': undefined;
  'content.no-consent': undefined;
  'content.no-login': undefined;
  'content.format': undefined;
  'content.visible-text': undefined;
  'content.non-visible-data': undefined;
  'content.environment': undefined;
  'content.visible-text-sent': undefined;
  'content.non-visible-data-sent': undefined;
  'content.payer-kind': undefined;
  'content.file-missing': File;
  'content.file-unknown': File;
  'content.not-written': File;
  'content.file-changed': File;
  'content.file-differs': File;
  'content.member-differs': File & { readonly member: string };
  'content.evidence-digest': undefined;

  'relying-party.same': undefined;
  'relying-party.none': undefined;
  'relying-party.other': undefined;

  'signer.sound': undefined;
  'signer.identification': undefined;
  'signer.agrees': { readonly funcId: string };
  'signer.disagrees': undefined;
  'signer.identified': undefined;
  'signer.signed': undefined;

  'payer.none': undefined;
  'payer.no-number': undefined;
  'payer.not-answered': undefined;
  'payer.unanswered': undefined;
  'payer.unbound': undefined;
  'payer.anyone': undefined;
  'payer.not-signed': undefined;
  'payer.person-not-signed': undefined;
  'payer.answered': undefined;
  'payer.expected': undefined;
  'payer.person-expected': undefined;
  'payer.other': undefined;
  'payer.person-other': undefined;
}

export type CheckMessage = Message<CheckMessages>;
/** Why a check concluded so: a message, or the id of one without parameters. */
export type Reason = PlainId<CheckMessages> | CheckMessage;
