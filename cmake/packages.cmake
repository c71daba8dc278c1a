# Every foreign library, found once. Rooms link the names below and nothing else.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs videoio calib3d)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
find_package(absl REQUIRED)
include(GoogleTest)

# Debian's packages bring no CMake files for these.
foreach(name grpc++ protobuf lept tesseract sane-backends sqlite3 libqpdf
             libjpeg libzip xlsxwriter poppler-cpp libsodium spdlog cairo harfbuzz freetype2
             libutf8proc pugixml freexl libdeflate)
  string(MAKE_C_IDENTIFIER ${name} id)
  pkg_check_modules(${id} REQUIRED IMPORTED_TARGET GLOBAL ${name})
endforeach()

function(hotich_find_library target header library)
  find_path(${target}_include ${header} PATH_SUFFIXES soci REQUIRED)
  find_library(${target}_library ${library} REQUIRED)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_include})
  target_link_libraries(${target} INTERFACE ${${target}_library})
endfunction()
hotich_find_library(hpdf hpdf.h hpdf)
hotich_find_library(soci_core soci/soci.h soci_core)
hotich_find_library(soci_sqlite3 soci/sqlite3/soci-sqlite3.h soci_sqlite3)
