import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** Says of each file whether it is a PDF/A-2b, or the 3b that it says it is, by veraPDF, and which rules it breaks. */
public class Judge {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
      boolean isThird = text.contains("<pdfaid:part>3<");
      PDFAFlavour flavour = isThird ? PDFAFlavour.PDFA_3_B : PDFAFlavour.PDFA_2_B;
      try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
          var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
        var result = validator.validate(parser);
        var rules = new java.util.TreeSet<String>();
        for (var one : result.getTestAssertions()) rules.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber());
        System.out.println(result.isCompliant() ? "compliant" : "broken " + String.join(" ", rules));
      }
    }
  }
}
