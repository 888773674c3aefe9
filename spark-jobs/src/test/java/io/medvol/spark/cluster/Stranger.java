package io.medvol.spark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Asks a port of Spark for a block, in its frames and without any credential. */
final class Stranger {
  private static final int RPC_REQUEST = 3;
  private static final int RPC_RESPONSE = 4;
  private static final int CHUNK_REQUEST = 0;
  private static final int CHUNK = 1;
  private static final int OPEN_BLOCKS = 0;
  private static final int MILLIS = 20_000;

  private Stranger() {}

  /** The size of the block, if the port gives it to whoever asks. */
  static Optional<Integer> read(int port, String block) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), MILLIS);
      socket.setSoTimeout(MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      DataOutputStream open = new DataOutputStream(request);
      open.writeByte(OPEN_BLOCKS);
      text(open, "app");
      text(open, "stranger");
      open.writeInt(1);
      text(open, block);
      out.writeLong(8 + 1 + 8 + 4 + request.size());
      out.writeByte(RPC_REQUEST);
      out.writeLong(7);
      out.writeInt(request.size());
      request.writeTo(out);
      byte[] answer = frame(in);
      if (answer[0] != RPC_RESPONSE) {
        return Optional.empty();
      }
      long stream = ByteBuffer.wrap(answer).getLong(1 + 8 + 4 + 1);
      out.writeLong(8 + 1 + 8 + 4);
      out.writeByte(CHUNK_REQUEST);
      out.writeLong(stream);
      out.writeInt(0);
      byte[] chunk = frame(in);
      return chunk[0] == CHUNK ? Optional.of(chunk.length) : Optional.empty();
    } catch (EOFException | SocketException e) {
      return Optional.empty();
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] frame(DataInputStream in) throws IOException {
    byte[] frame = new byte[Math.toIntExact(in.readLong() - 8)];
    in.readFully(frame);
    return frame;
  }
}
