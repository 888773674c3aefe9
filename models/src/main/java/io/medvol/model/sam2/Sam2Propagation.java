package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows objects through one volume as MedSAM2's scripts do: from the prompted slice forward to
 * the end, then, everything forgotten, backward; the union is the mask. The tracks of all requests
 * advance together, both directions at once, and share the features of the slices. Not for several
 * threads at once; {@link #close} frees the features.
 */
public final class Sam2Propagation implements AutoCloseable {
  /** Sees each slice a track visits; for tests. */
  interface Observer {
    void visited(int request, Track.Direction direction, SliceDecision decision);

    /** The input of the memory attention of a batch. */
    default void remembered(List<Track> tracks, MemoryAttention.Memory memory, Ops ops) {}
  }

  private static final Observer UNOBSERVED = (request, direction, decision) -> {};

  private final Sam2Model model;
  private final Sam2Options options;
  private final GridSize size;
  private final FeatureCache features;
  private final SliceSegmenter segmenter;
  private final TensorScope constants;
  private final MemoryBank bank;

  /** For one volume. The model must outlive it. */
  public Sam2Propagation(Sam2Model model, SliceImages images, Sam2Options options) {
    this.model = model;
    this.options = options;
    this.size = new GridSize(images.slices(), images.rows(), images.columns());
    this.features = new FeatureCache(model, images, options.cacheBytes());
    this.segmenter = new SliceSegmenter(model, options);
    this.constants = model.runtime().storage();
    this.bank = new MemoryBank(model, constants);
  }

  /**
   * One mask on the volume's grid for each request, in order, empty outside the slices wanted;
   * equal requests are computed once.
   *
   * @throws MedVolException INVALID_INPUT for slices that are not in the volume
   */
  public List<BinaryMask> propagate(List<TrackRequest> requests) {
    return propagate(requests, UNOBSERVED);
  }

  List<BinaryMask> propagate(List<TrackRequest> requests, Observer observer) {
    requests.forEach(this::requireInside);
    Map<TrackRequest, Integer> distinct = new LinkedHashMap<>();
    requests.forEach(request -> distinct.putIfAbsent(request, distinct.size()));
    List<BinaryMask.Builder> masks = new ArrayList<>();
    distinct.keySet().forEach(request -> masks.add(BinaryMask.builder(size)));
    List<List<Track.Conditioned>> conditioned = new ArrayList<>();
    List<Track> tracks = new ArrayList<>();
    try {
      condition(List.copyOf(distinct.keySet()), conditioned);
      distinct.forEach(
          (request, index) -> tracks.addAll(tracks(request, index, conditioned.get(index))));
      List<Track> active = tracks.stream().filter(track -> !track.ended()).toList();
      while (!active.isEmpty()) {
        step(active, masks, observer);
        active = active.stream().filter(track -> !track.ended()).toList();
      }
    } finally {
      tracks.forEach(Track::close);
      conditioned.forEach(prompts -> prompts.forEach(prompt -> prompt.memory().close()));
    }
    List<BinaryMask> built = masks.stream().map(BinaryMask.Builder::build).toList();
    return requests.stream().map(request -> built.get(distinct.get(request))).toList();
  }

  /**
   * The mask of one slice from its own prompt alone.
   *
   * @return one slice of the volume's rows and columns
   */
  public BinaryMask segment(SlicePrompt prompt) {
    BinaryMask whole =
        propagate(List.of(new TrackRequest(List.of(prompt), prompt.slice(), prompt.slice())))
            .get(0);
    BinaryMask.Builder slice = BinaryMask.builder(new GridSize(1, size.rows(), size.columns()));
    int first = prompt.slice() * size.pixelsPerSlice();
    for (int i = whole.nextSet(first); i >= 0; i = whole.nextSet(i + 1)) {
      slice.setIndex(i - first);
    }
    return slice.build();
  }

  private void requireInside(TrackRequest request) {
    if (request.firstSlice() < 0 || request.lastSlice() >= size.slices()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Slices "
              + request.firstSlice()
              + ".."
              + request.lastSlice()
              + " are wanted of a volume of "
              + size.slices());
    }
    for (SlicePrompt prompt : request.prompts()) {
      if (prompt instanceof SlicePrompt.Mask mask
          && !mask.mask().size().equals(new GridSize(1, size.rows(), size.columns()))) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "The mask prompt has the grid " + mask.mask().size() + ", the volume " + size);
      }
    }
  }

  private List<Track> tracks(TrackRequest request, int index, List<Track.Conditioned> prompts) {
    List<Track> tracks = new ArrayList<>();
    tracks.add(track(index, Track.Direction.FORWARD, prompts, request.lastSlice()));
    if (request.firstPrompted() > request.firstSlice()) {
      tracks.add(track(index, Track.Direction.REVERSE, prompts, request.firstSlice()));
    }
    return tracks;
  }

  private Track track(
      int index, Track.Direction direction, List<Track.Conditioned> prompts, int last) {
    return new Track(index, direction, prompts, last, size.slices(), model.config().tracking());
  }

  /** Decides on the prompted slices of all requests. */
  private void condition(List<TrackRequest> requests, List<List<Track.Conditioned>> conditioned) {
    for (TrackRequest request : requests) {
      List<Track.Conditioned> prompts = new ArrayList<>();
      conditioned.add(prompts);
      for (SlicePrompt prompt : request.prompts()) {
        SliceFeatures slice = features.of(List.of(prompt.slice())).get(0);
        try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
          SliceSegmenter.Batch batch =
              prompt instanceof SlicePrompt.Mask mask
                  ? segmenter.masked(mask, slice, scope)
                  : segmenter.prompted(
                      List.of(prompt.slice()),
                      List.of(((SlicePrompt.Points) prompt).points()),
                      slice,
                      size,
                      scope);
          prompts.add(
              new Track.Conditioned(batch.decisions().get(0), entry(batch.memories(), 0, scope)));
        }
      }
    }
  }

  private MemoryEntry entry(NDArray memories, int track, TensorScope passing) {
    TensorScope own = model.runtime().storage();
    NDArray one = passing.ops().narrow(memories, 0, track, 1);
    NDArray copy = own.ops().empty(DType.F32, one.getShape().getShape());
    own.ops().copyInto(copy, one);
    return new MemoryEntry(copy, own);
  }

  /** Lets every track visit its next slice. */
  private void step(List<Track> active, List<BinaryMask.Builder> masks, Observer observer) {
    Map<MemoryBank.Shape, List<Track>> byShape = new LinkedHashMap<>();
    List<Track> prompted = new ArrayList<>();
    for (Track track : active) {
      if (track.prompted() != null) {
        prompted.add(track);
      } else {
        byShape.computeIfAbsent(MemoryBank.Shape.of(track), shape -> new ArrayList<>()).add(track);
      }
    }
    for (List<Track> chunk : chunks(prompted)) {
      finish(chunk, chunk.stream().map(Track::prompted).toList(), masks, observer);
    }
    for (List<Track> tracks : byShape.values()) {
      for (List<Track> chunk : chunks(tracks)) {
        finish(chunk, advance(chunk, observer), masks, observer);
      }
    }
  }

  private List<List<Track>> chunks(List<Track> tracks) {
    List<List<Track>> chunks = new ArrayList<>();
    for (int from = 0; from < tracks.size(); from += options.tracksAtOnce()) {
      int to = Math.min(tracks.size(), from + options.tracksAtOnce());
      chunks.add(tracks.subList(from, to));
    }
    return chunks;
  }

  private List<SliceDecision> advance(List<Track> tracks, Observer observer) {
    List<Integer> slices = tracks.stream().map(Track::next).toList();
    List<SliceFeatures> own = features.of(slices);
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      MemoryAttention.Memory memory = bank.of(tracks, scope);
      observer.remembered(tracks, memory, scope.ops());
      SliceSegmenter.Batch batch =
          segmenter.tracked(slices, together(own, scope.ops()), memory, scope);
      for (int i = 0; i < tracks.size(); i++) {
        tracks.get(i).keep(batch.decisions().get(i), entry(batch.memories(), i, scope));
      }
      return batch.decisions();
    }
  }

  private static SliceFeatures together(List<SliceFeatures> slices, Ops ops) {
    if (slices.size() == 1) {
      return slices.get(0);
    }
    return new SliceFeatures(
        ops.cat(slices.stream().map(SliceFeatures::finest).toList(), 0),
        ops.cat(slices.stream().map(SliceFeatures::fine).toList(), 0),
        ops.cat(slices.stream().map(SliceFeatures::top).toList(), 0));
  }

  /** Adds the masks found to those of the requests and moves the tracks on. */
  private void finish(
      List<Track> tracks,
      List<SliceDecision> decisions,
      List<BinaryMask.Builder> masks,
      Observer observer) {
    boolean[] empty = paint(tracks, decisions, masks);
    for (int i = 0; i < tracks.size(); i++) {
      Track track = tracks.get(i);
      observer.visited(track.request(), track.direction(), decisions.get(i));
      int emptySlices = track.emptyAfter(empty[i]);
      track.advance();
      if (options.stopAfterEmpty() > 0 && emptySlices >= options.stopAfterEmpty()) {
        track.stop();
      }
    }
  }

  /** Brings logits to the volume's grid; says which slices stay empty. */
  private boolean[] paint(
      List<Track> tracks, List<SliceDecision> decisions, List<BinaryMask.Builder> masks) {
    int side = model.config().maskSide();
    int pixels = size.pixelsPerSlice();
    boolean[] empty = new boolean[tracks.size()];
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      Ops ops = scope.ops();
      for (int i = 0; i < tracks.size(); i++) {
        NDArray logits = scope.floats(decisions.get(i).logits(), 1, 1, side, side);
        NDArray large = ops.image().bilinear(logits, size.rows(), size.columns());
        ByteBuffer inside = Tensors.bytes(ops.cast(ops.greater(large, 0), DType.U8));
        BinaryMask.Builder mask = masks.get(tracks.get(i).request());
        int first = decisions.get(i).slice() * pixels;
        empty[i] = true;
        for (int pixel = 0; pixel < pixels; pixel++) {
          if (inside.get(pixel) != 0) {
            mask.setIndex(first + pixel);
            empty[i] = false;
          }
        }
      }
    }
    return empty;
  }

  @Override
  public void close() {
    features.close();
    constants.close();
  }
}
