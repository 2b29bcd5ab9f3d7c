import { example } from '../../openapi/api-examples.ts';
import { InstantMember, Message, ObjectMember, TextMember, UuidMember, WordMember } from '../../openapi/members.ts';
import { COMPACT_JWS, ID_TOKEN_LENGTH } from '../identity/id-token.ts';
import { statementOf } from '../identity/statement.ts';
import { exportStates } from '../orders/export-order.ts';

const HEX_SHA256 = /^[0-9a-f]{64}$/;
const NONCE = /^[A-Za-z0-9_-]{43}$/;

@Message({ description: 'The approval of a person, by their login at the identity provider of the bank' })
export class ApprovalRequestDto {
  @TextMember({
    length: ID_TOKEN_LENGTH,
    pattern: COMPACT_JWS,
    description: 'An id_token of that provider, with the nonce of the order, from a login less than five minutes ago',
  })
  idToken!: string;
}

@Message({ description: 'How it was approved; without the name of the person' })
class ApprovalDto {
  @WordMember(['id-token'])
  method!: string;

  @TextMember({ description: 'Of the identity provider' })
  issuer!: string;

  @InstantMember()
  at!: string;

  @TextMember({ pattern: HEX_SHA256, description: 'Of the token in its compact form, hexadecimal' })
  idTokenSha256!: string;
}

@Message({ description: 'What is to be approved, and by which login' })
export class ExportApprovalDto {
  @UuidMember()
  exportId!: string;

  @WordMember(exportStates)
  state!: string;

  @TextMember({
    contentMediaType: 'application/json',
    description: 'What the approver signs: the order as it is stored, in canonical JSON (RFC 8785)',
  })
  statement!: string;

  @TextMember({ pattern: NONCE, description: 'base64url of the SHA-256 of the statement: the nonce of the login' })
  nonce!: string;

  @TextMember({ description: 'Where the approver logs in' })
  issuer!: string;

  @TextMember({ description: 'For which client the login is' })
  clientId!: string;

  @ObjectMember(() => ApprovalDto, { nullable: true })
  approval!: ApprovalDto | null;
}

@Message({ description: 'A token, what was signed by it, and the key under which it verifies' })
class SignatoryProofDto extends ApprovalDto {
  @TextMember({ description: 'What was signed: the nonce of the token is base64url of its SHA-256' })
  statement!: string;

  @TextMember({ pattern: COMPACT_JWS })
  idToken!: string;

  @TextMember({
    contentMediaType: 'application/jwk+json',
    description: 'The public key of the provider, under which the token verifies (RFC 7517)',
  })
  jwk!: string;
}

@Message({ description: 'What proves who ordered and who approved' })
export class ApprovalProofDto {
  @UuidMember()
  exportId!: string;

  @ObjectMember(() => SignatoryProofDto, { nullable: true, description: 'null where the order names no person' })
  requester!: SignatoryProofDto | null;

  @ObjectMember(() => SignatoryProofDto, { nullable: true, description: 'null before it is approved' })
  approver!: SignatoryProofDto | null;
}

const idToken =
  'eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.eyJub25jZSI6Im1XcUZSWUZKeHVZcXFrZ2VjQ2RkaXVaM3Z2QlhnV0V5QTU2cS1NTUw4ZnMifQ.c2lnbmF0dXJl';
export const exampleApprovalRequest = { idToken };

const approval = {
  method: 'id-token',
  issuer: 'https://login.exempelbanken.example',
  at: '2026-11-30T09:20:00.000Z',
  idTokenSha256: '5e2f4b1c0d9a8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f',
};
const { text: statement, nonce } = statementOf({
  type: 'sigill-export-approval',
  v: 1,
  exportId: example.exportId,
  bank: 'exempelbanken',
  requestedBy: 'exempelrevision',
  requesterTokenSha256: null,
  orderedAt: '2026-11-30T09:15:00.000Z',
  format: 'folders',
  from: '2026-02-28T23:00:00.000Z',
  to: '2026-03-31T22:00:00.000Z',
  days: { first: '2026-03-01', last: '2026-03-31' },
  tpp: null,
  consentId: null,
  names: [],
  receipts: false,
  purpose: 'audit',
  caseReference: 'FI/2026-117',
  expected: 4711,
});

export const exampleExportApproval = {
  exportId: example.exportId,
  state: 'awaiting-approval',
  statement,
  nonce,
  issuer: approval.issuer,
  clientId: 'sigill',
  approval: null,
};
export const exampleApproved = { ...exampleExportApproval, state: 'waiting', approval };

export const exampleProof = {
  exportId: example.exportId,
  requester: null,
  approver: {
    ...approval,
    statement,
    idToken,
    jwk: '{"kty":"EC","crv":"P-256","x":"…","y":"…"}',
  },
};
