/** What every benchmark has its payer consent to. */
export const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationUnstructured: 'Order 4711',
};
