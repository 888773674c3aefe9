package io.medvol.data.storage;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text files that people give: UTF-8, with or without a byte order mark, and nothing else. */
public final class Utf8Text {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8Text() {}

  /** Text in another encoding; the message is a sentence for the person who gave the file. */
  public static final class NotUtf8Exception extends CharacterCodingException {
    @Serial private static final long serialVersionUID = 1L;

    private final String sentence;

    NotUtf8Exception(String sentence) {
      this.sentence = sentence;
    }

    @Override
    public String getMessage() {
      return sentence;
    }
  }

  /**
   * The text of a file, without its byte order mark.
   *
   * @param subject what the file is and its path, as the subject of a message
   * @throws NotUtf8Exception naming the line of the first byte that is no UTF-8
   */
  public static String decode(String subject, byte[] content) throws NotUtf8Exception {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CharBuffer text = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(bytes, text, true);
    if (result.isError()) {
      throw new NotUtf8Exception(
          "%s is not UTF-8 text: line %d holds the byte 0x%02X; save the file as UTF-8."
              .formatted(subject, line(content, bytes.position()), content[bytes.position()]));
    }
    text.flip();
    if (text.hasRemaining() && text.charAt(0) == BYTE_ORDER_MARK) {
      text.get();
    }
    return text.toString();
  }

  private static int line(byte[] content, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      line += content[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
