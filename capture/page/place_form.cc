// Laying a form over the rulings found on a page.
//
// Method. Each axis is a comb of positions: the lengths of all rulings standing at one place are
// added up. For every scale within a few percent of the expected one, the distances between found
// and form positions vote for a shift; scale and shifts with the most length in agreement are the
// candidates. Candidates are judged in the plane, ruling against ruling with their ends, which
// decides between shifts by one writing line that look alike on one axis; so does, a little, the
// middle of the page. The best ones are bent to the rulings they meet: a rising piecewise linear
// map, so that paper that shrank or a page glued askew still fits. The way from one ruling to the
// next may be long on a form that is a frame, and what is left of a page's curl pushes the rulings
// off the plain scale by more the longer it is. The one that fits best bent wins.
//
// Score: harmonic mean of the share of the form's ruled length found at its place, and the share of
// the found length that the form knows. The right form scores above 0.8 on clean pages and above
// 0.6 with a third of its rulings gone; wrong forms stay under 0.45 (measured in
// tests/page/place_form_test.cc). With the printed labels (ocr/form) the right one of all 17 forms
// was found on 153 of 153 drawn captures that nothing was tuned on (`hotich split`). Of 16 captures
// of the even ledgers of 1989 to 1998 from overhead, at unknown dpi and with perspective taken out,
// all 296 entries were found; 144 were when the best straight shift was taken, without the page's
// middle and with perspective left in. It fails to tell apart two forms of the same frame: their
// printed labels must decide.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "capture/page/axis.h"
#include "capture/page/page.h"

namespace hotich::page {
namespace {

// Scales looked at around the expected one: paper moves 1 to 2 %, a scanner's dpi is off by as
// much, and a page cut by the edge of the glass misleads about its size.
constexpr double kScaleReach = 0.06, kScaleStep = 0.0025;
// x and y are scaled alike within this.
constexpr double kMaxAnisotropy = 0.02;
// The sides of a page without a known scale are in proportion within this.
constexpr double kMaxAspectError = 0.12;
// Lines of a form shorter than any that is found, mm (rulings.cc): boxes to tick.
constexpr double kShortest_mm = 12;
// A form with fewer upright lines is a frame, no ledger.
constexpr size_t kFrameColumns = 6;
// Positions of one comb closer than this are one ruling, mm.
constexpr double kSameRuling_mm = 0.8;
// Width of a voting bin, mm.
constexpr double kBin_mm = 0.5;
// A ruling is at its place within this, mm: first after scale and shift, then after bending.
constexpr double kNear_mm = 1.6, kAtPlace_mm = 0.8;
// Knots of a map stand at least this far apart, mm: shorter pieces would follow noise.
constexpr double kMinKnot_mm = 8;
// Pieces steeper or flatter than this are wrong matches. Rows only shrink with the paper; columns
// are foreshortened where the page bends down to its fold.
constexpr double kMaxRowStretch = 0.05, kMaxColumnStretch = 0.2;
// From one ruling of a frame to the next one found a page goes off the plain scale by this share of
// the way. A ledger has lines enough to be followed without, and another one would be bent to fit.
constexpr double kMaxDrift = 0.05;
// A ledger of many even lines fits nearly as well when shifted by one: of two such places the one
// nearer to the middle of the page is taken. Share of the fit that a millimetre beside it costs: a
// line of 6 mm 0.025, which is one of forty lines.
constexpr double kOffMiddle = 0.004;
// Candidates judged in the plane.
constexpr int kScales = 3, kShifts = 8;

// A segment seen along its own direction: `at` across, from start to end along, mm.
struct Segment {
  double at = 0, start = 0, end = 0;
  double Length() const { return end - start; }
};

struct Segments {
  std::vector<Segment> horizontal, vertical;
  // Dotted lines of a form: a page may show them as rulings or not at all.
  std::vector<Segment> dotted;
};

Segments Sort(const auto& rulings) {
  Segments result;
  for (const v1::Ruling& r : rulings) {
    const double width = std::abs(r.x1() - r.x0()), height = std::abs(r.y1() - r.y0());
    if (width >= height) {
      result.horizontal.push_back({.at = (r.y0() + r.y1()) / 2,
                                   .start = std::min(r.x0(), r.x1()),
                                   .end = std::max(r.x0(), r.x1())});
    } else {
      result.vertical.push_back({.at = (r.x0() + r.x1()) / 2,
                                 .start = std::min(r.y0(), r.y1()),
                                 .end = std::max(r.y0(), r.y1())});
    }
  }
  return result;
}

struct Tooth {
  double at = 0, length = 0;
};

std::vector<Tooth> Comb(std::vector<Segment> segments) {
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.at < b.at; });
  std::vector<Tooth> comb;
  for (const Segment& s : segments) {
    if (comb.empty() || s.at - comb.back().at > kSameRuling_mm) {
      comb.push_back({s.at, s.Length()});
    } else {
      Tooth& tooth = comb.back();
      tooth.at = (tooth.at * tooth.length + s.at * s.Length()) / (tooth.length + s.Length());
      tooth.length += s.Length();
    }
  }
  return comb;
}

// One direction of a page and of the form to lay over it; lengths in mm, 0 = unknown.
struct Axis {
  std::vector<Tooth> found, form;
  double page_mm = 0, form_mm = 0;
};

// What is left of a fit whose form lies beside the middle of the page.
double Centred(const Axis& axis, double scale, double shift_mm) {
  if (axis.page_mm <= 0 || axis.form_mm <= 0) return 1;
  const double off_mm = shift_mm + scale * axis.form_mm / 2 - axis.page_mm / 2;
  return std::max(0.0, 1 - kOffMiddle * std::abs(off_mm));
}

struct Shift {
  double mm = 0, votes = 0;
};

// The shifts at one scale that have more votes than those beside them.
std::vector<Shift> VoteShifts(const Axis& axis, double scale) {
  const std::vector<Tooth>&found = axis.found, &form = axis.form;
  double low = 1e9, high = -1e9;
  for (const Tooth& f : form) low = std::min(low, f.at), high = std::max(high, f.at);
  double found_low = 1e9, found_high = -1e9;
  for (const Tooth& f : found) {
    found_low = std::min(found_low, f.at), found_high = std::max(found_high, f.at);
  }
  if (form.empty() || found.empty()) return {};
  const double first = found_low - scale * high;
  const int bins = static_cast<int>((found_high - scale * low - first) / kBin_mm) + 3;
  std::vector<double> votes(bins, 0), places(bins, 0);
  for (const Tooth& a : found) {
    for (const Tooth& b : form) {
      const double shift = a.at - scale * b.at;
      const double weight = std::min(a.length, scale * b.length);
      const int bin = static_cast<int>((shift - first) / kBin_mm) + 1;
      votes[bin] += weight;
      places[bin] += weight * shift;
    }
  }
  std::vector<Shift> shifts;
  for (int i = 1; i + 1 < bins; ++i) {
    const double sum = votes[i - 1] + votes[i] + votes[i + 1];
    if (votes[i] <= 0 || votes[i] < votes[i - 1] || votes[i] < votes[i + 1]) continue;
    const double mm = (places[i - 1] + places[i] + places[i + 1]) / sum;
    shifts.push_back({.mm = mm, .votes = sum * Centred(axis, scale, mm)});
  }
  return shifts;
}

double BestVotes(const std::vector<Shift>& shifts) {
  double best = 0;
  for (const Shift& shift : shifts) best = std::max(best, shift.votes);
  return best;
}

void KeepBest(std::vector<Shift>* shifts) {
  const auto kept = shifts->begin() + std::min<std::ptrdiff_t>(kShifts, std::ssize(*shifts));
  std::partial_sort(shifts->begin(), kept, shifts->end(),
                    [](const Shift& a, const Shift& b) { return a.votes > b.votes; });
  shifts->erase(kept, shifts->end());
}

v1::AxisMap Linear(double scale, double shift, double length) {
  v1::AxisMap map;
  map.add_from(0);
  map.add_to(shift);
  map.add_from(length);
  map.add_to(shift + scale * length);
  return map;
}

// Length of `a` covered by segments of `others` that stand within `reach`.
double Covered(const Segment& a, const std::vector<Segment>& others, double reach) {
  // Ends of rulings are worn; a little less still counts as whole.
  constexpr double kEnd_mm = 1.5;
  std::vector<std::pair<double, double>> pieces;
  for (const Segment& b : others) {
    if (std::abs(b.at - a.at) > reach) continue;
    const double start = std::max(a.start, b.start - kEnd_mm);
    const double end = std::min(a.end, b.end + kEnd_mm);
    if (end > start) pieces.push_back({start, end});
  }
  std::sort(pieces.begin(), pieces.end());
  double covered = 0, reached = a.start;
  for (const auto& [start, end] : pieces) {
    covered += std::max(0.0, end - std::max(start, reached));
    reached = std::max(reached, end);
  }
  return covered;
}

std::vector<Segment> MapAll(const std::vector<Segment>& segments, const v1::AxisMap& across,
                            const v1::AxisMap& along) {
  std::vector<Segment> mapped;
  for (const Segment& s : segments) {
    mapped.push_back(
        {.at = Map(across, s.at), .start = Map(along, s.start), .end = Map(along, s.end)});
  }
  return mapped;
}

double Score(const Segments& found, const Segments& form, const v1::AxisMap& x,
             const v1::AxisMap& y, double reach) {
  double form_mm = 0, form_hit = 0, found_mm = 0, found_hit = 0;
  const auto compare = [&](const std::vector<Segment>& there, const std::vector<Segment>& here) {
    for (const Segment& s : there) form_mm += s.Length(), form_hit += Covered(s, here, reach);
    for (const Segment& s : here) found_mm += s.Length(), found_hit += Covered(s, there, reach);
  };
  compare(MapAll(form.horizontal, y, x), found.horizontal);
  compare(MapAll(form.vertical, x, y), found.vertical);
  const std::vector<Segment> dotted = MapAll(form.dotted, y, x);
  for (const Segment& s : found.horizontal) found_hit += Covered(s, dotted, reach);
  found_hit = std::min(found_hit, found_mm);
  if (form_hit <= 0 || found_hit <= 0) return 0;
  const double recall = form_hit / form_mm, precision = found_hit / found_mm;
  return 2 * recall * precision / (recall + precision);
}

struct Match {
  double from = 0, to = 0;
  double length = 0;  // of the form's ruling
};

// Rulings of the form and what stands for them on the page: near where scale and shift put them,
// after what the last ones stood off, so that a drift is followed; it may have grown since by
// `max_drift` of the way.
std::vector<Match> MatchTeeth(const v1::AxisMap& linear, const std::vector<Tooth>& found,
                              const std::vector<Tooth>& form, double scale, double max_drift) {
  // A ruling may have lost this share of its length to wear and ink.
  constexpr double kLeft = 0.4;
  std::vector<Match> matches;
  const auto match = [&](const Tooth& tooth) {
    double expected = Map(linear, tooth.at), reach = kNear_mm;
    if (!matches.empty()) {
      const Match& last = matches.back();
      expected += last.to - Map(linear, last.from);
      reach += max_drift * scale * std::abs(tooth.at - last.from);
    }
    const Tooth* best = nullptr;
    for (const Tooth& f : found) {
      if (std::abs(f.at - expected) > reach || f.length < kLeft * scale * tooth.length) continue;
      if (!best || std::abs(f.at - expected) < std::abs(best->at - expected)) best = &f;
    }
    if (best) matches.push_back({.from = tooth.at, .to = best->at, .length = tooth.length});
  };
  // From the first that is met at once to the last, then back to those before it.
  auto first = form.begin();
  for (auto tooth = form.begin(); tooth != form.end(); ++tooth) {
    if (matches.empty()) first = tooth;
    match(*tooth);
  }
  std::reverse(matches.begin(), matches.end());
  for (auto tooth = std::make_reverse_iterator(first); tooth != form.rend(); ++tooth) match(*tooth);
  std::reverse(matches.begin(), matches.end());
  return matches;
}

// How far a page may go off the plain scale: in a piece of its map, and unseen, as shares of the
// way.
struct Limits {
  double stretch = 0, drift = 0;
};

// Bends a linear map to the rulings it meets. Beyond the outermost ones it goes on with the plain
// scale.
v1::AxisMap BendTo(const v1::AxisMap& linear, const std::vector<Tooth>& found,
                   const std::vector<Tooth>& form, const Limits& limits) {
  const double length = linear.from(1) - linear.from(0);
  const double scale = (linear.to(1) - linear.to(0)) / length;
  std::vector<Match> knots;
  for (const Match& match : MatchTeeth(linear, found, form, scale, limits.drift)) {
    // Of two that stand close together the longer one is surer: a frame, not a leader beside it.
    const bool close = !knots.empty() && match.from - knots.back().from < kMinKnot_mm;
    if (close && match.length <= knots.back().length) continue;
    const size_t before = knots.size() - (close ? 1 : 0);
    if (before > 0) {
      const double from = match.from - knots[before - 1].from;
      const double to = match.to - knots[before - 1].to;
      if (std::abs(to / (from * scale) - 1) > limits.stretch) continue;
    }
    knots.resize(before);
    knots.push_back(match);
  }
  if (knots.size() < 2) return linear;
  if (knots.front().from > kMinKnot_mm) {
    const Match first{.from = 0, .to = knots.front().to - knots.front().from * scale};
    knots.insert(knots.begin(), first);
  }
  if (knots.back().from < length - kMinKnot_mm) {
    const Match& last = knots.back();
    knots.push_back({.from = length, .to = last.to + (length - last.from) * scale});
  }
  v1::AxisMap map;
  for (const Match& knot : knots) {
    map.add_from(knot.from);
    map.add_to(knot.to);
  }
  return map;
}

// Where the form's rows end without an upright ruling (towards the fold they often do), the ends of
// the rows found there tell the place.
std::optional<Match> MatchOpenEnd(const std::vector<Segment>& form,
                                  const std::vector<Segment>& found, const v1::AxisMap& x,
                                  double Segment::*end) {
  // Enough rows to trust, share of rows that end together, how far off they may be, mm.
  constexpr size_t kEnough = 5;
  constexpr double kTogether_mm = 1, kReach_mm = 6;
  const auto middle = [](std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
  };
  std::vector<double> ends;
  for (const Segment& s : form) ends.push_back(s.*end);
  if (ends.size() < kEnough) return std::nullopt;
  const double from = middle(ends);
  std::vector<double> seen;
  for (const Segment& s : found) {
    if (std::abs(s.*end - Map(x, from)) < kReach_mm) seen.push_back(s.*end);
  }
  if (seen.size() < std::max(kEnough, ends.size() / 3)) return std::nullopt;
  const double to = middle(seen);
  size_t together = 0;
  for (const double e : seen) together += std::abs(e - to) < kTogether_mm;
  if (2 * together < seen.size()) return std::nullopt;
  return Match{.from = from, .to = to};
}

// The map with one more knot, unless a ruling has tied it there already.
v1::AxisMap WithKnot(const v1::AxisMap& map, const Match& knot) {
  for (const double from : map.from()) {
    if (std::abs(from - knot.from) < kSameRuling_mm) return map;
  }
  std::vector<Match> knots = {knot};
  for (int i = 0; i < map.from_size(); ++i) {
    if (std::abs(map.from(i) - knot.from) >= kMinKnot_mm / 2) {
      knots.push_back({.from = map.from(i), .to = map.to(i)});
    }
  }
  std::sort(knots.begin(), knots.end(),
            [](const Match& a, const Match& b) { return a.from < b.from; });
  v1::AxisMap result;
  for (const Match& k : knots) {
    if (result.to_size() > 0 && k.to <= result.to(result.to_size() - 1)) return map;
    result.add_from(k.from);
    result.add_to(k.to);
  }
  return result;
}

struct Candidate {
  v1::AxisMap x, y;
  double score = 0, centred = 1;
};

// Best first; places of nearly the same rows are one.
void KeepBest(std::vector<Candidate>* candidates) {
  constexpr size_t kKept = 4;
  std::stable_sort(candidates->begin(), candidates->end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.score * a.centred > b.score * b.centred;
                   });
  std::vector<Candidate> kept;
  for (Candidate& candidate : *candidates) {
    const auto same = [&](const Candidate& other) {
      return std::abs(other.y.to(0) - candidate.y.to(0)) < kNear_mm &&
             std::abs(other.x.to(0) - candidate.x.to(0)) < kNear_mm;
    };
    if (std::any_of(kept.begin(), kept.end(), same)) continue;
    kept.push_back(std::move(candidate));
    if (kept.size() == kKept) break;
  }
  *candidates = std::move(kept);
}

v1::AxisMap BendColumns(const v1::AxisMap& linear, const Axis& x, const std::vector<Segment>& form,
                        const std::vector<Segment>& found, double max_drift) {
  v1::AxisMap map = BendTo(linear, x.found, x.form, {kMaxColumnStretch, max_drift});
  for (double Segment::*end : {&Segment::start, &Segment::end}) {
    if (const auto knot = MatchOpenEnd(form, found, map, end)) map = WithKnot(map, *knot);
  }
  return map;
}

struct Scale {
  double x = 1, y = 1, votes = 0;
};

// Scales with the most agreement, best first, at least two steps apart.
std::vector<Scale> VoteScales(const std::vector<Scale>& expected, const Axis& x, const Axis& y) {
  std::vector<Scale> scales;
  for (const Scale& middle : expected) {
    for (double off = -kScaleReach; off <= kScaleReach + 1e-9; off += kScaleStep) {
      Scale scale{.x = middle.x * (1 + off), .y = middle.y * (1 + off)};
      scale.votes =
          BestVotes(VoteShifts(x, scale.x)) / scale.x + BestVotes(VoteShifts(y, scale.y)) / scale.y;
      scales.push_back(scale);
    }
  }
  std::stable_sort(scales.begin(), scales.end(),
                   [](const Scale& a, const Scale& b) { return a.votes > b.votes; });
  std::vector<Scale> best;
  for (const Scale& scale : scales) {
    const bool near = std::any_of(best.begin(), best.end(), [&](const Scale& b) {
      return std::abs(b.x / scale.x - 1) < 2 * kScaleStep &&
             std::abs(b.y / scale.y - 1) < 2 * kScaleStep;
    });
    if (!near) best.push_back(scale);
    if (best.size() == kScales) break;
  }
  return best;
}

// The best shifts of one axis at the best of the scales around `scale`.
struct Shifts {
  double scale = 1;
  std::vector<Shift> at;  // best first, never empty
};

Shifts ShiftsAround(const Axis& axis, double scale) {
  Shifts best{.scale = scale, .at = {Shift{}}};
  for (double off = -kMaxAnisotropy; off <= kMaxAnisotropy + 1e-9; off += kScaleStep) {
    std::vector<Shift> shifts = VoteShifts(axis, scale * (1 + off));
    if (BestVotes(shifts) > BestVotes(best.at)) best = {scale * (1 + off), std::move(shifts)};
  }
  KeepBest(&best.at);
  return best;
}

}  // namespace

v1::FormPlacement PlaceForm(const std::vector<v1::Ruling>& rulings, const v1::Page& page,
                            const v1::FormPage& form_page) {
  const double width = page.transform().width_mm(), height = page.transform().height_mm();
  const bool sized = form_page.width_mm() > 0 && form_page.height_mm() > 0;
  const double across = sized && width > 0 ? width / form_page.width_mm() : 1;
  const double down = sized && height > 0 ? height / form_page.height_mm() : 1;
  v1::FormPlacement placement;
  *placement.mutable_x() = Linear(across, 0, std::max(1.0, form_page.width_mm()));
  *placement.mutable_y() = Linear(down, 0, std::max(1.0, form_page.height_mm()));

  const Segments found = Sort(rulings);
  Segments form = Sort(form_page.rulings());
  for (std::vector<Segment>* lines : {&form.horizontal, &form.vertical}) {
    std::erase_if(*lines, [](const Segment& line) { return line.Length() < kShortest_mm; });
  }
  form.dotted = Sort(form_page.leaders()).horizontal;
  std::vector<Segment> rows = form.horizontal;
  rows.insert(rows.end(), form.dotted.begin(), form.dotted.end());
  const Axis x{Comb(found.vertical), Comb(form.vertical), width, form_page.width_mm()};
  const Axis y{Comb(found.horizontal), Comb(rows), height, form_page.height_mm()};
  if (x.found.size() + y.found.size() < 2 || x.form.size() + y.form.size() < 2) return placement;

  // The millimetres are right, or the page's size is. Of a camera's picture not even the sides are
  // in proportion, for the curl at the fold hides some of the width: the few lines of a frame are
  // then looked for axis by axis. A ledger has lines enough to do without, and another ledger of
  // nearly the same columns would be stretched to fit.
  const bool frame = form.vertical.size() < kFrameColumns;
  std::vector<Scale> expected = {Scale{}};
  const double by_size = std::sqrt(across * down);
  if (std::abs(by_size - 1) > kScaleReach && std::abs(across / down - 1) < kMaxAspectError) {
    expected.push_back(frame ? Scale{.x = across, .y = down} : Scale{.x = by_size, .y = by_size});
  }
  std::vector<Candidate> candidates;
  for (const Scale& scale : VoteScales(expected, x, y)) {
    const Shifts of_x = ShiftsAround(x, scale.x), of_y = ShiftsAround(y, scale.y);
    for (const Shift& shift_x : of_x.at) {
      for (const Shift& shift_y : of_y.at) {
        Candidate candidate{.x = Linear(of_x.scale, shift_x.mm, form_page.width_mm()),
                            .y = Linear(of_y.scale, shift_y.mm, form_page.height_mm())};
        candidate.centred = Centred(x, of_x.scale, shift_x.mm) * Centred(y, of_y.scale, shift_y.mm);
        candidate.score = Score(found, form, candidate.x, candidate.y, kNear_mm);
        if (candidate.score > 0) candidates.push_back(std::move(candidate));
      }
    }
  }
  KeepBest(&candidates);
  const double max_drift = frame ? kMaxDrift : 0;
  double best = 0;
  for (const Candidate& candidate : candidates) {
    const v1::AxisMap bent_x =
        BendColumns(candidate.x, x, form.horizontal, found.horizontal, max_drift);
    const v1::AxisMap bent_y = BendTo(candidate.y, y.found, y.form, {kMaxRowStretch, max_drift});
    const double score = Score(found, form, bent_x, bent_y, kAtPlace_mm);
    if (score * candidate.centred < best) continue;
    best = score * candidate.centred;
    *placement.mutable_x() = bent_x;
    *placement.mutable_y() = bent_y;
    placement.set_score(score);
  }
  return placement;
}

}  // namespace hotich::page
