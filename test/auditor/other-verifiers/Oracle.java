import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

/**
 * What the JDK says of many inputs, in one process. Each line of the input file is a kind and fields in base64:
 * "signature DOCUMENT", or "path SECONDS ROOT LEAF CA…". One line comes out for each: "accept" or "refuse".
 */
public final class Oracle {
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    try (BufferedReader lines = Files.newBufferedReader(Path.of(arguments[0]))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.println(judge(line.split(" ")) ? "accept" : "refuse");
      }
    }
    out.flush();
  }

  private static boolean judge(String[] fields) {
    try {
      return fields[0].equals("path") ? isPath(fields) : isSignature(decode(fields[1]));
    } catch (Exception | StackOverflowError refused) {
      return false;
    }
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static boolean isSignature(byte[] document) throws Exception {
    Document parsed = builder().parse(new ByteArrayInputStream(document));
    markIds(parsed.getDocumentElement());
    NodeList signatures = parsed.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature");
    DOMValidateContext context = new DOMValidateContext(new FirstCertificate(), signatures.item(0));
    return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context);
  }

  private static DocumentBuilder builder() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new Silent());
    return builder;
  }

  /** Without a schema an attribute called Id is no ID until the reader declares it. */
  private static void markIds(Element element) {
    if (element.hasAttribute("Id")) {
      element.setIdAttribute("Id", true);
    }
    for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        markIds(inner);
      }
    }
  }

  private static boolean isPath(String[] fields) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (int index = 2; index < fields.length; index++) {
      ByteArrayInputStream der = new ByteArrayInputStream(decode(fields[index]));
      certificates.add((X509Certificate) factory.generateCertificate(der));
    }
    X509Certificate root = certificates.remove(0);
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(new Date(Long.parseLong(fields[1]) * 1000));
    CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(certificates), parameters);
    return true;
  }

  private static final class FirstCertificate extends KeySelector {
    @Override
    public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context) {
      for (Object content : info.getContent()) {
        if (content instanceof X509Data data) {
          for (Object item : data.getContent()) {
            if (item instanceof X509Certificate certificate) {
              Key key = certificate.getPublicKey();
              return () -> key;
            }
          }
        }
      }
      return () -> null;
    }
  }

  private static final class Silent implements ErrorHandler {
    @Override
    public void warning(SAXParseException problem) {}

    @Override
    public void error(SAXParseException problem) {}

    @Override
    public void fatalError(SAXParseException problem) throws SAXParseException {
      throw problem;
    }
  }
}
