import type { Visit } from '../site/frame.ts';
import type { BankStepName } from './desk.ts';

type StepTexts = readonly [title: string, text: string, button: string];

/** What a bank's step is called, what it is for, and its button. */
export function textsOf({ t }: Visit, name: BankStepName): StepTexts {
  const texts: Readonly<Record<BankStepName, StepTexts>> = {
    ...consuming(t),
    introspect: [
      t('Vad gäller betaltjänstens token?', "What is the payment provider's token good for?"),
      t(
        'Betaltjänsten visar sin token. Banken frågar vad den gäller, och vem som skrev under.',
        'The payment provider presents its token. The bank asks what it is good for, and who signed.',
      ),
      t('Fråga tjänsten', 'Ask the service'),
    ],
    report: [
      t('Rapportera utförandet', 'Report the execution'),
      t('Banken säger om betalningen utfördes.', 'The bank says whether the payment was executed.'),
      t('Rapportera: utförd', 'Report: executed'),
    ],
    verify: [
      t('Kontrollera den sparade underskriften', 'Verify the stored signature'),
      t(
        'Beviset kontrolleras på nytt, från certifikat till varje tecken i texten.',
        'The evidence is verified again, from the certificates to each character of the text.',
      ),
      t('Kontrollera', 'Verify'),
    ],
  };
  return texts[name];
}

function consuming(t: Visit['t']): Readonly<Record<'consume' | 'consume-again', StepTexts>> {
  return {
    consume: [
      t('Förbruka samtycket', 'Consume the consent'),
      t(
        'Banken anger betalningen som den kommer att utföra den. Stämmer den inte med det som skrevs under, nekas den.',
        'The bank names the payment as it will execute it. If that is not what was signed, it is refused.',
      ),
      t('Förbruka', 'Consume'),
    ],
    'consume-again': [
      t('En gång till', 'Once more'),
      t(
        'Ett samtycke gäller en betalning, en gång. Försök med en till.',
        'A consent is good for one payment, once. Try another.',
      ),
      t('Försök igen', 'Try again'),
    ],
  };
}
