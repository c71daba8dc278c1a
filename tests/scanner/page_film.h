// A film of a book whose pages are turned under a camera: pages of a sample book, drawn flat, with
// leaves that turn, hands that come and go, lamps that flicker and the noise of a sensor.
#ifndef HOTICH_TESTS_SCANNER_PAGE_FILM_H_
#define HOTICH_TESTS_SCANNER_PAGE_FILM_H_

#include <filesystem>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>
#include <vector>

namespace hotich::scanner {

inline constexpr double kFilmFrames_per_s = 15;

struct Spread {
  cv::Mat left, right;  // flat pages, 8-bit BGR
};

// Spreads of one form that were filled by the same officers. Drawn once a program.
const std::vector<Spread>& FilmedSpreads();
// The spread with one more line of writing over both its pages.
Spread WithOneMoreLine(const Spread& spread);

struct Stage {
  cv::Scalar table_bgr = {30, 28, 26};  // a black mat
  cv::Scalar sleeve_bgr = {110, 80, 60};
  cv::Scalar hand_bgr = {95, 105, 148};
  double px_per_mm = 1.7;
  double noise = 3;  // of the sensor, grey levels
};

// Where the book lies: it creeps over the table as it is worked with.
using Place = cv::Point2d;

// The factor by which the lamp changes a row of a frame: both count from the beginning.
using Lamp = std::function<double(int frame, double row_share)>;

class Film {
 public:
  Film(const std::filesystem::path& file, Stage stage);

  // What the camera sees from now on.
  void LampIs(Lamp lamp) { lamp_ = std::move(lamp); }
  void MoveBook(Place by_px) { place_ += by_px; }

  void Rest(const Spread& spread, double seconds);
  // The hand comes, stays on the page, and is still there afterwards.
  void HandComes(const Spread& spread);
  void HandRests(const Spread& spread, double seconds);
  void HandGoes(const Spread& spread);
  // A hand comes, turns the leaf between two spreads, and goes.
  void Turn(const Spread& from, const Spread& to);

  void End() { video_.release(); }

  // The frame without noise under an even lamp.
  cv::Mat Clean(const Spread& spread) const;

 private:
  void Show(cv::Mat frame);
  cv::Mat Leaf(const Spread& from, const Spread& to, double turned) const;
  void DrawArm(cv::Mat& frame, cv::Point2d fingers) const;
  cv::Rect BookRect(const Spread& spread) const;

  Stage stage_;
  cv::VideoWriter video_;
  Lamp lamp_ = [](int, double) { return 1.0; };
  Place place_ = {0, 0};
  int frames_ = 0;
  std::vector<cv::Mat> grain_;
};

}  // namespace hotich::scanner

#endif  // HOTICH_TESTS_SCANNER_PAGE_FILM_H_
