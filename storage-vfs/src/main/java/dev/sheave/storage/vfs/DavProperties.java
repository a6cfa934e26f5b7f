package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a file or folder on a WebDAV server.
 *
 * @param path on the server, decoded; without a slash at its end
 * @param folder whether it is a folder
 * @param size bytes; 0 for a folder
 * @param modified when it was written, if known
 * @param version changes whenever the file does, if known
 */
record DavProperties(
    String path, boolean folder, long size, @Nullable Instant modified, @Nullable String version) {

  private static final String NAMESPACE = "DAV:";

  private static final String ASKED =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop><resourcetype/>"
          + "<getcontentlength/><getlastmodified/><getetag/></prop></propfind>";

  /** The body of a question for them. */
  static HttpEntity question() {
    return new StringEntity(ASKED, ContentType.create("application/xml", StandardCharsets.UTF_8));
  }

  /** Reads the properties in a response, which isn't trusted: DTDs and entities are off. */
  static List<DavProperties> read(InputStream answer, String location) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    List<DavProperties> all = new ArrayList<>();
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(answer);
      Response response = new Response();
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT && NAMESPACE.equals(xml.getNamespaceURI())) {
          response = xml.getLocalName().equals("response") ? new Response() : response;
          response.start(xml);
        } else if (event == XMLStreamConstants.END_ELEMENT
            && NAMESPACE.equals(xml.getNamespaceURI())
            && xml.getLocalName().equals("response")) {
          all.add(response.finish());
        }
      }
    } catch (XMLStreamException e) {
      // what is read may break off, or take too long
      if (e.getNestedException() instanceof IOException broken) {
        throw broken;
      }
      throw invalid(location, e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw invalid(location, e);
    }
    return all;
  }

  private static SheaveException invalid(String location, Exception e) {
    return new SheaveException(
        Code.INTERNAL, "'" + location + "': the server's response isn't valid WebDAV.", e);
  }

  /** One that is read. */
  private static final class Response {
    private @Nullable String href;
    private boolean folder;
    private long size;
    private @Nullable Instant modified;
    private @Nullable String version;

    void start(XMLStreamReader xml) throws XMLStreamException {
      switch (xml.getLocalName()) {
        case "href" -> href = href == null ? xml.getElementText().strip() : href;
        case "collection" -> folder = true;
        case "getcontentlength" -> size = text(xml).map(Long::parseLong).orElse(0L);
        case "getlastmodified" ->
            modified =
                text(xml)
                    .map(time -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(time)))
                    .orElse(null);
        case "getetag" -> version = text(xml).map(Response::tag).orElse(null);
        default -> {}
      }
    }

    /** In the first second of a file Apache calls its tag weak, and later the same tag strong. */
    private static String tag(String text) {
      return (text.startsWith("W/") ? text.substring(2) : text).replace("\"", "");
    }

    /** Properties that there aren't come as empty elements. */
    private static Optional<String> text(XMLStreamReader xml) throws XMLStreamException {
      return Optional.of(xml.getElementText().strip()).filter(text -> !text.isEmpty());
    }

    DavProperties finish() throws XMLStreamException {
      if (href == null) {
        throw new XMLStreamException("a response has no href");
      }
      String told = version;
      if (told == null && modified != null) {
        told = modified.toString();
      }
      return new DavProperties(path(href), folder, folder ? 0 : size, modified, told);
    }

    /** An address, or only its path. */
    private static String path(String href) {
      int start = href.indexOf("://");
      int slash = start < 0 ? 0 : href.indexOf('/', start + 3);
      String encoded = slash < 0 ? "/" : href.substring(slash);
      // the decoder is for forms, where a plus is a space
      String path = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
      return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
  }
}
