import { conditionNames, ruleOutcomes } from '../../payment/bank-policy.ts';
import { BooleanMember, ListMember, Message, TextMember, WordMember } from '../../openapi/members.ts';

@Message()
class PolicyConditionDto {
  @WordMember(conditionNames)
  condition!: string;

  @TextMember({ description: 'What the rule requires' })
  required!: string;

  @TextMember({ nullable: true, description: 'What was demanded of BankID, or reported by it; null if nothing was' })
  found!: string | null;

  @BooleanMember()
  met!: boolean;
}

@Message()
class PolicyRuleDto {
  @TextMember({ description: 'As registered' })
  name!: string;

  @WordMember(ruleOutcomes)
  outcome!: string;

  @TextMember({ nullable: true, description: 'The amount from which it applies, in the currency of the payment' })
  amountFrom!: string | null;

  @BooleanMember({ description: 'Whether its demand for a payer whose identity document cannot be read was made' })
  documentReplaced!: boolean;

  @ListMember(() => PolicyConditionDto, { description: 'Of a rule that applies' })
  conditions!: PolicyConditionDto[];
}

@Message({ description: "The bank's rules at the press of the button, and how the signature met them" })
export class BankPolicyDto {
  @WordMember(['met', 'not-met'])
  outcome!: string;

  @ListMember(() => PolicyRuleDto)
  rules!: PolicyRuleDto[];
}

export const exampleBankPolicy = {
  outcome: 'met',
  rules: [
    {
      name: 'large-amounts',
      outcome: 'met',
      amountFrom: '1000.00',
      documentReplaced: false,
      conditions: [{ condition: 'maxRisk', required: 'low', found: 'low', met: true }],
    },
  ],
} as const;
