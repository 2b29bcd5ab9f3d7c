import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.List;

/**
 * Judges bundles by the default policy of EU DSS, without a network: what is not in the bundle or among the given roots does not exist.
 * Arguments: the file of a root (PEM or DER) each, `--`, the bundles. One line a bundle: name, indication, sub-indication, format,
 * the indication of each timestamp.
 */
public final class Judge {
  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    int end = given.indexOf("--");
    CommonTrustedCertificateSource roots = new CommonTrustedCertificateSource();
    for (String root : given.subList(0, end)) roots.addCertificate(DSSUtils.loadCertificate(new File(root)));
    for (String bundle : given.subList(end + 1, given.size())) System.out.println(judge(new File(bundle), roots));
  }

  private static String judge(File bundle, CommonTrustedCertificateSource roots) {
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(roots);
    try {
      SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(bundle));
      validator.setCertificateVerifier(verifier);
      Reports reports = validator.validateDocument();
      if (System.getenv("DSS_REPORT") != null) System.err.println(reports.getXmlSimpleReport() + reports.getXmlDetailedReport());
      return bundle.getName() + describe(reports.getSimpleReport());
    } catch (RuntimeException refused) {
      return bundle.getName() + " REFUSED " + refused.getClass().getSimpleName();
    }
  }

  private static String describe(SimpleReport report) {
    StringBuilder line = new StringBuilder();
    for (String id : report.getSignatureIdList()) {
      line.append(' ').append(report.getIndication(id)).append(' ').append(report.getSubIndication(id));
      line.append(' ').append(report.getSignatureFormat(id));
      report.getSignatureTimestamps(id).forEach(stamp -> line.append(' ').append(stamp.getIndication()));
    }
    return line.isEmpty() ? " NO-SIGNATURE" : line.toString();
  }
}
