import java.io.FileInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What ZipInputStream, which reads from the front and by local headers alone, finds in each ZIP: a line for each file. */
public class ZipMembers {
  public static void main(String[] paths) throws Exception {
    for (int n = 0; n < paths.length; n++) {
      try (ZipInputStream zip = new ZipInputStream(new FileInputStream(paths[n]))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          byte[] sum = MessageDigest.getInstance("SHA-256").digest(zip.readAllBytes());
          if (!entry.isDirectory()) System.out.println(n + " " + entry.getName() + " " + HexFormat.of().formatHex(sum));
        }
      } catch (IOException | IllegalArgumentException refused) {
        System.out.println(n + " REFUSED -");
      }
    }
  }
}
