import type { LoginPhrases } from '../report-phrases.ts';

export const swedishLogin: LoginPhrases = {
  summary: {
    'TOTAL-PASSED':
      'Alla kontroller godkändes. Detta är en legitimering: inget har skrivits under, och den ger ingen rätt till betalning.',
    'TOTAL-FAILED':
      'Detta är ingen äkta legitimering med BankID, eller så var certifikatet spärrat eller inte giltigt när den gjordes.',
    INDETERMINATE:
      'Inget visar att legitimeringen är förfalskad, men underlaget styrker inte att den är äkta och avsedd för detta.',
    'no-match': 'Det som följde med legitimeringen är INTE det som den gjordes för; vad personen såg återges sist.',
    'not-meant':
      'Legitimeringen är INTE den förväntade: den gjordes för en annan tjänst, av en annan person eller för ett annat ändamål.',
  },
  signer: 'legitimerad',
  signedAt: 'legitimerad kl.',
  match: { yes: 'ja', no: 'nej', 'not-compared': 'inte jämfört: endast legitimeringen kontrollerades' },
  forClient: (name, id) => `${name}, klient ${id}`,
  scopes: 'omfattning',
  code: 'kod',
  channelOf: (channel) => {
    switch (channel.way) {
      case 'browser':
        return 'i en webbläsare';
      case 'app':
        return 'i en app hos klienten';
      case 'qr':
        return 'med en QR-kod som klienten visade';
      case 'phone':
        return channel.callInitiator === 'user'
          ? 'i ett telefonsamtal som personen ringde'
          : 'i ett telefonsamtal som klienten ringde';
    }
  },
  statedAddressOf: (address) => `${address}, enligt klienten`,
  statedAddressIsSame: 'BankID hade den nätverksadress som klienten uppgav',
  payer: 'personen',
  payerKinds: {
    bound: 'utpekad när inloggningen begärdes',
    unbound: 'den som legitimerade sig: ingen var utpekad när inloggningen begärdes',
    'not-compared': 'inte jämfört',
  },
  check: {
    'signature-value': 'legitimeringen gjordes med personens nyckel',
    certid: 'beskedet avser personens certifikat',
    nonce: 'beskedet lämnades för just denna legitimering',
    'order-start': 'legitimeringen gjordes efter att den begärdes',
    receipt: 'legitimeringen gjordes innan den togs emot',
    content: 'text och data överensstämmer med inloggningen',
    'relying-party': 'legitimeringen gjordes för den förväntade tjänsten',
    signer: 'en person legitimerade sig (och skrev inte under något)',
  },
  text: 'Vad personen såg',
  limit: [
    'vem som höll i telefonen: legitimeringen visar att någon använde denna persons BankID och säkerhetskod',
    'att personen har gått med på något: en legitimering är ingen underskrift och ger ingen rätt till betalning',
    'om det som antecknades i övrigt stämmer (circumstances.json): det är tjänstens egna uppgifter',
  ],
};
