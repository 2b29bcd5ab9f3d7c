import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A TPP pushes a payment, with the JDK alone (17 or newer). In production, let a JOSE library make the JWTs and a JSON library the JSON.
 *
 * <pre>java docs/examples/Push.java FILE_WITH_THE_PRIVATE_JWK [CLIENT_ID] [ISSUER]</pre>
 *
 * Prints the answer of the service.
 */
public final class Push {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final String PAYMENT = """
      [{"type":"payment_initiation","instructedAmount":{"currency":"SEK","amount":"1250.00"},\
      "creditorName":"Exempelbutiken AB","creditorAccount":{"bankgiro":"5050-1055"},\
      "remittanceInformationStructured":{"reference":"12345674","referenceType":"OCR"}}]""";

  public static void main(String[] args) throws Exception {
    String jwk = Files.readString(Path.of(args[0]));
    String clientId = args.length > 1 ? args[1] : "exempelbetal";
    String issuer = args.length > 2 ? args[2] : "http://localhost:3000";
    String endpoint = issuer + "/par";
    long now = Instant.now().getEpochSecond();

    // RFC 7523: who we are. aud is the issuer, as a string.
    String assertion = sign(privateKey(member(jwk, "d")),
        "{\"alg\":\"ES256\",\"kid\":\"%s\"}".formatted(member(jwk, "kid")),
        "{\"iss\":\"%1$s\",\"sub\":\"%1$s\",\"aud\":\"%2$s\",\"jti\":\"%3$s\",\"iat\":%4$d,\"exp\":%5$d}"
            .formatted(clientId, issuer, UUID.randomUUID(), now, now + 60));
    // RFC 9449: which key we hold. Keep it until the bank has been paid: code and token are bound to it.
    KeyPair dpopKey = newKey();
    String proof = sign(dpopKey.getPrivate(),
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}".formatted(publicJwk((ECPublicKey) dpopKey.getPublic())),
        "{\"jti\":\"%s\",\"htm\":\"POST\",\"htu\":\"%s\",\"iat\":%d}".formatted(UUID.randomUUID(), endpoint, now));
    String codeVerifier = random();

    Map<String, String> form = new LinkedHashMap<>();
    form.put("client_id", clientId);
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", assertion);
    form.put("response_type", "code");
    form.put("redirect_uri", "http://localhost:3003/callback");
    form.put("state", random());
    form.put("code_challenge", BASE64URL.encodeToString(
        MessageDigest.getInstance("SHA-256").digest(codeVerifier.getBytes(StandardCharsets.US_ASCII))));
    form.put("code_challenge_method", "S256");
    form.put("resource", "https://api.exempelbanken.example/payments");
    form.put("authorization_details", PAYMENT);

    HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("DPoP", proof)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
        .build();
    HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    // An error has error, error_description (a JSON pointer and a sentence) and error_uri (causes and remedy).
    System.out.println(response.body());
    System.exit(response.statusCode() == 201 ? 0 : 1);
  }

  /** A JWT with ES256: the signature is r and s, 32 bytes each (RFC 7518 §3.4). */
  private static String sign(PrivateKey key, String header, String claims) throws GeneralSecurityException {
    String content = encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key);
    signature.update(content.getBytes(StandardCharsets.US_ASCII));
    return content + "." + encode(signature.sign());
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static PrivateKey privateKey(String d) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    BigInteger secret = new BigInteger(1, Base64.getUrlDecoder().decode(d));
    ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
    return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(secret, curve));
  }

  private static String publicJwk(ECPublicKey key) {
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(encode(bytes32(key.getW().getAffineX())), encode(bytes32(key.getW().getAffineY())));
  }

  private static byte[] bytes32(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[32];
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
    return padded;
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return encode(bytes);
  }

  private static String encode(byte[] bytes) {
    return BASE64URL.encodeToString(bytes);
  }

  private static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** A text member of a flat JSON object. */
  private static String member(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    if (!matcher.find()) throw new IllegalArgumentException("the JWK has no " + name);
    return matcher.group(1);
  }
}
