package io.medvol.model.sam2;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Places of all tracks of a batch: beyond this, batches only fill the caches. */
  private static final int PLACES_AT_ONCE = 4096;

  private final Sam2Model model;
  private final Sam2Options options;
  private final GridSize size;
  private final KeyedSlices volume;
  private final FeatureCache features;
  private final boolean ownsFeatures;
  private final SliceSegmenter segmenter;
  private final TensorScope constants;
  private final MemoryBank bank;
  private final int atOnce;

  /** For one volume. The model must outlive it. */
  public Sam2Propagation(Sam2Model model, SliceImages images, Sam2Options options) {
    this(
        model,
        images,
        options,
        new FeatureCache(model, options.cacheBytes(), Optional.empty()),
        true);
  }

  /** For one volume, with features that others use too and that stay. */
  Sam2Propagation(Sam2Model model, SliceImages images, Sam2Options options, FeatureCache features) {
    this(model, images, options, features, false);
  }

  private Sam2Propagation(
      Sam2Model model,
      SliceImages images,
      Sam2Options options,
      FeatureCache features,
      boolean ownsFeatures) {
    this.model = model;
    this.options = options;
    this.size = new GridSize(images.slices(), images.rows(), images.columns());
    this.volume = new KeyedSlices(images, model.config().imageSize());
    this.features = features;
    this.ownsFeatures = ownsFeatures;
    this.constants = model.runtime().storage();
    this.segmenter = new SliceSegmenter(model, options, constants);
    this.bank = new MemoryBank(model, constants);
    int places = model.config().grid() * model.config().grid();
    this.atOnce = Math.min(options.tracksAtOnce(), Math.max(1, PLACES_AT_ONCE / places));
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
    MaskPainter painter = new MaskPainter(model, size, distinct.size());
    List<List<Track.Conditioned>> conditioned = new ArrayList<>();
    distinct.keySet().forEach(request -> conditioned.add(new ArrayList<>()));
    List<Track> tracks = new ArrayList<>();
    try {
      new Conditioner(model, segmenter, size, atOnce)
          .condition(List.copyOf(distinct.keySet()), features, volume, conditioned);
      distinct.forEach(
          (request, index) -> tracks.addAll(tracks(request, index, conditioned.get(index))));
      List<Track> active = tracks.stream().filter(track -> !track.ended()).toList();
      while (!active.isEmpty()) {
        step(active, painter, observer);
        active = active.stream().filter(track -> !track.ended()).toList();
      }
    } finally {
      tracks.forEach(Track::close);
      conditioned.forEach(prompts -> prompts.forEach(prompt -> prompt.memory().close()));
    }
    List<BinaryMask> built = painter.masks();
    return requests.stream().map(request -> built.get(distinct.get(request))).toList();
  }

  /**
   * The masks of single slices, each from its own prompt alone.
   *
   * @return for each prompt one slice of the volume's rows and columns
   */
  public List<BinaryMask> segment(List<? extends SlicePrompt> prompts) {
    List<TrackRequest> requests = new ArrayList<>();
    for (SlicePrompt prompt : prompts) {
      requests.add(new TrackRequest(List.of(prompt), prompt.slice(), prompt.slice()));
    }
    List<BinaryMask> whole = propagate(requests);
    List<BinaryMask> slices = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      slices.add(slice(whole.get(i), prompts.get(i).slice()));
    }
    return slices;
  }

  private BinaryMask slice(BinaryMask whole, int index) {
    BinaryMask.Builder slice = BinaryMask.builder(new GridSize(1, size.rows(), size.columns()));
    int first = index * size.pixelsPerSlice();
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

  /** Lets every track visit its next slice. */
  private void step(List<Track> active, MaskPainter painter, Observer observer) {
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
      finish(chunk, chunk.stream().map(Track::prompted).toList(), painter, observer);
    }
    for (List<Track> tracks : byShape.values()) {
      for (List<Track> chunk : chunks(tracks)) {
        finish(chunk, advance(chunk, observer), painter, observer);
      }
    }
  }

  private List<List<Track>> chunks(List<Track> tracks) {
    List<List<Track>> chunks = new ArrayList<>();
    for (int from = 0; from < tracks.size(); from += atOnce) {
      int to = Math.min(tracks.size(), from + atOnce);
      chunks.add(tracks.subList(from, to));
    }
    return chunks;
  }

  private List<SliceDecision> advance(List<Track> tracks, Observer observer) {
    List<Integer> slices = tracks.stream().map(Track::next).toList();
    List<SliceView> views = features.of(slices, volume);
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      MemoryAttention.Memory memory = bank.of(tracks, scope);
      observer.remembered(tracks, memory, scope.ops());
      SliceSegmenter.Batch batch =
          segmenter.tracked(slices, SliceView.together(views, scope.ops()), memory, scope);
      for (int i = 0; i < tracks.size(); i++) {
        tracks
            .get(i)
            .keep(batch.decisions().get(i), MemoryEntry.copyOf(batch.memories(), i, model, scope));
      }
      return batch.decisions();
    }
  }

  /** Adds the masks found to those of the requests and moves the tracks on. */
  private void finish(
      List<Track> tracks, List<SliceDecision> decisions, MaskPainter painter, Observer observer) {
    boolean[] empty = painter.paint(tracks, decisions);
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

  @Override
  public void close() {
    if (ownsFeatures) {
      features.close();
    }
    constants.close();
  }
}
