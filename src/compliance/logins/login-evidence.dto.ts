import { example } from '../../openapi/api-examples.ts';
import { InstantMember, ListMember, Message, TextMember, UuidMember, WordMember } from '../../openapi/members.ts';
import { SHA256_BASE64URL } from '../../payment/limits.ts';
import { indications, subIndications } from '../read/report.dto.ts';

@Message()
class IdentificationSummaryDto {
  @UuidMember()
  evidenceId!: string;

  @UuidMember()
  loginId!: string;

  @WordMember(['accepted', 'refused', 'surplus'], { description: 'One that logged nobody in is stored too' })
  kind!: string;

  @TextMember({ description: 'The client that asked for the login' })
  clientId!: string;

  @WordMember(['sandbox', 'bankid-test', 'production'])
  environment!: string;

  @WordMember(indications)
  indication!: string;

  @WordMember(subIndications, { nullable: true })
  subIndication!: string | null;

  @TextMember({ pattern: SHA256_BASE64URL, description: 'Commits to the evidence, which stays with the operator' })
  evidenceDigest!: string;

  @InstantMember({ nullable: true })
  signedAt!: string | null;

  @InstantMember()
  receivedAt!: string;

  @InstantMember()
  storedAt!: string;

  @InstantMember({ description: 'From then on it may be erased' })
  retentionEndsAt!: string;
}

@Message()
export class LoginEvidenceDto {
  @ListMember(() => IdentificationSummaryDto)
  evidence!: IdentificationSummaryDto[];
}

export const EXAMPLE_LOGIN = '5c1f7d0e-6f0a-4c51-9d3e-3a1f0a9c2b11';

export const exampleLoginEvidence = {
  evidence: [
    {
      evidenceId: example.evidenceId,
      loginId: EXAMPLE_LOGIN,
      kind: 'accepted',
      clientId: example.tpp,
      environment: 'production',
      indication: 'TOTAL-PASSED',
      subIndication: null,
      evidenceDigest: example.digest,
      signedAt: example.signedAt,
      receivedAt: example.receivedAt,
      storedAt: example.storedAt,
      retentionEndsAt: '2027-02-20T10:00:04.000Z',
    },
  ],
} as const;
